using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Metadata = Grpc.Core.Metadata;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Rules of the API types that no call shows.</summary>
public class ApiTests
{
    [Fact]
    public void RpcException_CarriesStatusTrailersAndCause()
    {
        var cause = new TimeoutException("slow");
        var exception = new RpcException(new Status(StatusCode.Unavailable, "away", cause));

        Assert.Same(cause, exception.InnerException);
        Assert.Empty(exception.Trailers);
        Assert.Equal(
            "Status(StatusCode=\"Unavailable\", Detail=\"away\", DebugException=\"System.TimeoutException: slow\")",
            exception.Message);
    }

    [Fact]
    public void CallOptions_WithLeavesTheRestAndTheOriginalAlone()
    {
        var headers = new Metadata();
        var original = new CallOptions(headers);
        var deadline = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var changed = original.WithDeadline(deadline).WithWaitForReady();

        Assert.Same(headers, changed.Headers);
        Assert.Equal(deadline, changed.Deadline);
        Assert.True(changed.IsWaitForReady);
        Assert.False(changed.WithWaitForReady(false).IsWaitForReady);
        Assert.Null(original.Deadline);
        Assert.False(original.IsWaitForReady);
    }

    /// <summary>Every type and member that the real assemblies use of ours exists by name.</summary>
    [Theory]
    [InlineData(typeof(GrpcChannel))]
    [InlineData(typeof(GrpcServiceOptions))]
    public void RealAssemblies_FindEveryTypeAndMemberTheyUse(Type user)
    {
        using var file = new PEReader(File.OpenRead(user.Assembly.Location));
        var reader = file.GetMetadataReader();
        var missing = new List<string>();
        var found = 0;
        foreach (var member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (member.Parent.Kind == HandleKind.TypeReference
                && OwnerOf(reader, (TypeReferenceHandle)member.Parent) is { } owner)
            {
                var name = reader.GetString(member.Name);
                var exists = owner.GetMember(
                    name,
                    System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic
                    | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static).Length > 0;
                found += exists ? 1 : 0;
                if (!exists)
                {
                    missing.Add($"{owner.FullName}.{name}");
                }
            }
        }

        Assert.Empty(missing);
        Assert.True(found > 20, $"Only {found} references were looked at.");
    }

    private static Type? OwnerOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var reference = reader.GetTypeReference(handle);
        if (reference.ResolutionScope.Kind != HandleKind.AssemblyReference)
        {
            return null;
        }

        var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope);
        var name = reader.GetString(assembly.Name);
        return name is "Grpc.Core.Api" or "Grpc.Net.Common"
            ? Type.GetType(
                $"{reader.GetString(reference.Namespace)}.{reader.GetString(reference.Name)}, {name}", throwOnError: true)
            : null;
    }
}
