using System.Numerics;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing.Tests;

/// <summary>What a detailed mesh wears comes to another one: all its textures, read as their samplers say.</summary>
public sealed class BakeMaterialTests
{
    private const int Size = 64;
    private const float Scale = 0.5f;                               // of the detailed mesh's normal map
    private static readonly byte[] s_map = [160, 110, 240, 90, 200, 220];
    private static readonly byte[] s_colors = [200, 30, 60, 10, 220, 130];
    private static readonly byte[] s_orm = [0, 80, 250, 0, 230, 20];

    // A square of one metre; what its texture coordinates are at (x, y), upright ones if nothing is said.
    private static TriangleMesh Square(Func<float, float, Vector2>? uv = null)
    {
        float[] corners = [0, 0, 1, 0, 1, 1, 0, 1];
        uv ??= (x, y) => new Vector2(x, 1 - y);
        var places = corners.Chunk(2).Select(corner => uv(corner[0], corner[1]));
        return new TriangleMesh(
            [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], [0, 1, 2, 0, 2, 3], [.. places.SelectMany(place => new[] { place.X, place.Y })],
            [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
    }

    [Fact]
    public async Task Bake_DetailWithTextures_GivesThemInTheNewFrame()
    {
        // Textures of two texels side by side, twice across the square, each with another wrap.
        static GlbSampler Nearest(GlbWrap wrap) => new(wrap, GlbWrap.Repeat, GlbFilter.Nearest, GlbFilter.Nearest);
        var look = new GlbMaterial(Png.Write(s_colors, 2, 1, 3), Png.Write(s_orm, 2, 1, 3), 0.5f, 0.75f)
        {
            NormalPng = Png.Write(s_map, 2, 1, 3),
            NormalScale = Scale,
            EmissivePng = Png.Write(s_colors, 2, 1, 3),
            EmissiveFactor = new Vector3(1, 0.5f, 0.25f),
            EmissiveStrength = 4,
            Samplers = new GlbSamplers
            {
                BaseColor = Nearest(GlbWrap.MirroredRepeat),
                Orm = Nearest(GlbWrap.Repeat),
                Normal = Nearest(GlbWrap.Repeat),
                Emissive = Nearest(GlbWrap.ClampToEdge),
            },
        };
        var target = Square((x, y) => new Vector2(y, x));           // u grows with y, v with x: a tangent along y, a bitangent against x

        var (result, asset) = await BakeAsync(
            new GlbScene([new GlbPart(target, Matrix4x4.Identity, 0)], [new GlbMaterial()], null),
            new GlbScene([new GlbPart(Square((x, y) => new Vector2(2 * x, 1 - y)), Matrix4x4.Identity, 0)], [look], null));

        Assert.False(result.Unwrapped);
        var material = asset.Material;
        Assert.Equal((1, 4f, Vector3.One), (material.NormalScale, material.EmissiveStrength, material.EmissiveFactor));
        Assert.Equal(new GlbSamplers(), material.Samplers);
        var (colors, orm) = (Bytes(material.BaseColorPng), Bytes(material.OrmPng));
        var (normals, glow) = (Bytes(material.NormalPng), Bytes(material.EmissivePng));
        for (var texel = 0; texel < Size * Size; texel++)
        {
            var quarter = texel / Size / (Size / 4);                // along x, which runs down in the texture
            var (repeated, mirrored, clamped) = (quarter % 2, quarter is 1 or 2 ? 1 : 0, Math.Min(quarter, 1));
            Assert.Equal(s_colors[(3 * mirrored)..(3 * (mirrored + 1))], colors[(3 * texel)..(3 * (texel + 1))]);
            byte[] matter = [255, (byte)Math.Round(s_orm[(3 * repeated) + 1] * 0.75), (byte)Math.Round(s_orm[(3 * repeated) + 2] * 0.5)];
            Assert.Equal(matter, orm[(3 * texel)..(3 * (texel + 1))]);
            byte[] light = [.. Enumerable.Range(0, 3).Select(c => Srgb.ToByte(Srgb.FromByte(s_colors[(3 * clamped) + c]) * MathF.Pow(0.5f, c)))];
            Assert.Equal(light, glow[(3 * texel)..(3 * (texel + 1))]);
            var world = World(repeated);
            byte[] normal = [Stored(world.Y), Stored(-world.X), Stored(world.Z)];
            Assert.Equal(normal, normals[(3 * texel)..(3 * (texel + 1))]);
        }
    }

    [Fact]
    public async Task Bake_DetailOfTwoParts_GivesEachItsOwnMaterial()
    {
        GlbMaterial Plain(float red) => new() { BaseColorFactor = new Vector4(red, 0.5f, 0, 1) };
        var half = Square() with { Positions = [0, 0, 0, 0.5f, 0, 0, 0.5f, 1, 0, 0, 1, 0] };

        var (_, asset) = await BakeAsync(
            new GlbScene([new GlbPart(Square(), Matrix4x4.Identity, 0)], [new GlbMaterial { EmissiveFactor = new Vector3(0.25f) }], null),
            new GlbScene(
                [new GlbPart(half, Matrix4x4.Identity, 0), new GlbPart(half, Matrix4x4.CreateTranslation(0.5f, 0, 0), 1)], [Plain(0.2f), Plain(0.9f)], null));

        var colors = Bytes(asset.Material.BaseColorPng);
        for (var texel = 0; texel < Size * Size; texel++)
        {
            Assert.Equal(Srgb.ToByte(texel % Size < Size / 2 ? 0.2f : 0.9f), colors[3 * texel]);
        }

        // Nothing of the detailed mesh glows: the mesh's own light stays.
        Assert.Equal((new Vector3(0.25f), null), (asset.Material.EmissiveFactor, asset.Material.EmissivePng));
    }

    [Fact]
    public async Task Bake_OfAMeshThatIsUnwrapped_CarriesItsOwnNormalMapAndLight()
    {
        // Texture coordinates beyond the texture: it is laid flat anew, and what it wears has to come along.
        var worn = new GlbMaterial(MetallicFactor: 0)
        {
            NormalPng = Png.Write(s_map.AsSpan(0, 3), 1, 1, 3),
            NormalScale = Scale,
            EmissiveFactor = new Vector3(0, 0.5f, 0),
            Samplers = new GlbSamplers { Normal = new GlbSampler() },
        };
        var mesh = Square((x, y) => new Vector2(y * 3, x * 3));

        var (result, asset) = await BakeAsync(new GlbScene([new GlbPart(mesh, Matrix4x4.Identity, 0)], [worn], null), null);

        Assert.True(result.Unwrapped);
        Assert.Equal((1, new Vector3(0.5f)), (asset.Material.NormalScale, asset.Material.EmissiveFactor));
        var glow = Bytes(asset.Material.EmissivePng);
        Assert.Equal([0, 255, 0], glow[..3]);
        var shown = new DetailSurface(PbrAsset.Of(new GlbScene([new GlbPart(asset.Mesh, Matrix4x4.Identity, 0)], [asset.Material], null), "asset"));
        var mapped = World(0);
        var expected = new Vector3(-mapped.Y, mapped.X, mapped.Z);  // the old tangent lies along y, the old bitangent against x
        for (var i = 0; i < 25; i++)
        {
            var normal = shown.ShadingNormalBeside(new Vector3(0.1f + (0.2f * (i % 5)), 0.1f + (0.2f * (i / 5)), 0), Vector3.UnitZ);
            Assert.True(Vector3.Distance(expected, normal) < 0.01, $"{normal}, not {expected}");
        }
    }

    // What a texel of the map means on a square whose tangent lies along x and bitangent along y.
    private static Vector3 World(int texel)
    {
        var stored = new Vector3(s_map[3 * texel], s_map[(3 * texel) + 1], s_map[(3 * texel) + 2]);
        return Vector3.Normalize(((2 * stored / 255) - Vector3.One) * new Vector3(Scale, Scale, 1));
    }

    private static byte Stored(float component) => (byte)Math.Round(127.5 * (component + 1));

    private static byte[] Bytes(byte[]? png) => Png.Read(png, "texture").ToBytes();

    private static async Task<(BakedAsset Result, GlbAsset Asset)> BakeAsync(GlbScene mesh, GlbScene? detail)
    {
        await using var host = await AppearanceHost.StartAsync();
        var request = new BakeRequest
        {
            MeshArtifactId = await host.Artifacts.PutAsync(Glb.Write(mesh)),
            DetailArtifactId = detail is null ? "" : await host.Artifacts.PutAsync(Glb.Write(detail)),
            TextureSize = Size,
            OcclusionRayCount = 4,
        };
        using var call = host.Client.Bake(request, deadline: DateTime.UtcNow + AppearanceHost.Timeout);
        var result = (await call.ResponseStream.ReadAllAsync().ToListAsync())[^1].Result;
        return (result, Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset"));
    }
}
