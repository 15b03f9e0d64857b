namespace Realiz3D.Mesh.Serving;

/// <summary>How soon somebody wants a step. Classes share a busy pod 8 : 4 : 1.</summary>
public enum StepClass
{
    /// <summary>Somebody looks at it while it grows.</summary>
    Preview,

    /// <summary>Somebody waits for it.</summary>
    Interactive,

    /// <summary>Nobody waits for it, such as the scores of a distillation.</summary>
    Batch,
}

/// <summary>Whose a step is.</summary>
/// <param name="Class">How soon it is wanted.</param>
/// <param name="Tenant">Who pays for it; tenants of a class take turns. Empty for unknown ones, who share one turn.</param>
/// <param name="Deadline">When its caller is gone. Null for never.</param>
public sealed record StepOrigin(StepClass Class = StepClass.Interactive, string Tenant = "", DateTimeOffset? Deadline = null);
