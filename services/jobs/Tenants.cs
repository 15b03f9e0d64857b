using Grpc.Core;
using Realiz3D.Mesh.Contracts;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Who pays for a call.</summary>
internal static class Tenants
{
    /// <summary>The name that came with a call; empty where there is none.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is no name.</exception>
    public static string Of(ServerCallContext context)
    {
        try
        {
            return TenantMetadata.Read(context.RequestHeaders);
        }
        catch (InvalidDataException wrong)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, wrong.Message));
        }
    }
}
