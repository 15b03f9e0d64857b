namespace Realiz3D.Mesh.Texturing;

/// <summary>What the relighting reports while it works.</summary>
internal abstract record RelightUpdate
{
    /// <summary>A part is done.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Count">Steps in all.</param>
    /// <param name="Message">What is done.</param>
    /// <param name="Preview">A small PNG; empty without.</param>
    public sealed record Step(int Done, int Count, string Message, byte[] Preview) : RelightUpdate;

    /// <summary>All views are stored.</summary>
    /// <param name="PictureIds">Artifact of each picture.</param>
    /// <param name="ViewsId">Artifact of the linear views.</param>
    /// <param name="Unread">What the asset has and was not rendered.</param>
    public sealed record Finished(IReadOnlyList<string> PictureIds, string ViewsId, IReadOnlyList<string> Unread) : RelightUpdate;
}
