using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Serving;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Reads from a call whose steps it asks for.</summary>
internal static class CallOrigin
{
    /// <summary>Reads class, tenant and deadline.</summary>
    /// <param name="context">The call.</param>
    /// <param name="wish">What its request says.</param>
    /// <returns>Whose its steps are.</returns>
    /// <exception cref="InvalidDataException">The class is not set to one of its values, or the tenant's name is none.</exception>
    public static StepOrigin Read(ServerCallContext context, WorkClass wish)
    {
        return new StepOrigin(
            wish switch
            {
                WorkClass.Preview => StepClass.Preview,
                WorkClass.Interactive => StepClass.Interactive,
                WorkClass.Batch => StepClass.Batch,
                _ => throw new InvalidDataException(
                    "work_class must be WORK_CLASS_PREVIEW, WORK_CLASS_INTERACTIVE or WORK_CLASS_BATCH, or not set."),
            },
            TenantMetadata.Read(context.RequestHeaders),
            context.Deadline == DateTime.MaxValue ? null : new DateTimeOffset(context.Deadline));
    }
}
