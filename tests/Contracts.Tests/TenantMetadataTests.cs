using Grpc.Core;

namespace Realiz3D.Mesh.Contracts.Tests;

public sealed class TenantMetadataTests
{
    [Theory]
    [InlineData("")]
    [InlineData("key 0123abcd")]
    public void Name_TravelsAsMetadata(string tenant) => Assert.Equal(tenant, TenantMetadata.Read(TenantMetadata.Of(tenant)));

    [Fact]
    public void NoName_IsNoMetadata() => Assert.Empty(TenantMetadata.Of(""));

    [Theory]
    [InlineData(101, 'x')]
    [InlineData(1, '\u00e9')]
    [InlineData(1, '\n')]
    public void NameThatDoesNotTravel_IsRefused(int length, char letter)
    {
        var refused = Assert.Throws<InvalidDataException>(
            () => TenantMetadata.Read(new Metadata { { "realiz3d-tenant", new string(letter, length) } }));

        Assert.Equal("realiz3d-tenant must have at most 100 characters, all of them printable ASCII.", refused.Message);
    }
}
