using System.Numerics;
using System.Text.Json.Nodes;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Formats.Interop;

/// <summary>Assets as the services make them, which between them use all that our GLB writer can write.</summary>
/// <remarks>
/// Asset k is the object with seed k of category k mod 16: its exact surface, unwrapped, with the colours of its six exact
/// views. What else it has goes by the remainders of k, so that features meet in many combinations; the last one has more
/// vertices than 16-bit indices reach.
/// </remarks>
internal static class AssetSet
{
    /// <summary>Number of assets.</summary>
    public const int Count = 50;

    /// <summary>One asset.</summary>
    /// <param name="k">0 to <see cref="Count"/> - 1.</param>
    public static GlbScene Make(int k)
    {
        var categories = Enum.GetValues<SceneCategory>();
        var scene = SceneObject.FromSeed((ulong)k, categories[k % categories.Length]);
        var bare = SceneSurface.Of(scene, k == Count - 1 ? 96 : 20 + (4 * (k % 4)));
        var extras = Extras(scene);
        if (k % 5 == 4)
        {
            var plain = new GlbMaterial(MetallicFactor: 0, RoughnessFactor: 0.3f) { BaseColorFactor = new Vector4(0.8f, 0.4f, 0.2f, 1) };
            return new GlbScene([new GlbPart(k % 2 == 0 ? bare : bare with { Normals = null }, Matrix4x4.Identity, 0)], [Featured(plain, k)], extras);
        }

        var size = 64 << (k % 3);
        var mesh = UvUnwrap.Unwrap(bare, new UnwrapConfig(size, 2)).Mesh;
        var views = SceneFidelity.Render(scene, CameraRig.Zero123PlusV12);
        var colours = ViewBaker.Bake(mesh, views, new ViewBakeConfig(size)).ToPng();
        var material = Featured(new GlbMaterial(colours, Png.Write([255, 150, 40], 1, 1, 3)), k);
        if (k % 2 == 1)
        {
            (mesh, material) = (TangentFrames.Of(mesh), material with { NormalPng = Ripples(size), NormalScale = 0.5f });
        }

        GlbPart[] parts = k % 8 == 5 ? Placed(mesh) : [new GlbPart(mesh, Matrix4x4.Identity, 0)];
        return new GlbScene(parts, parts.Length > 1 ? [material, new GlbMaterial(colours)] : [material], extras);
    }

    private static GlbMaterial Featured(GlbMaterial material, int k) => material with
    {
        AlphaMode = (GlbAlphaMode)(k % 3),
        AlphaCutoff = k % 3 == 1 ? 0.25f : 0.5f,
        DoubleSided = k % 2 == 0,
        EmissiveFactor = k % 4 == 2 ? new Vector3(1, 0.5f, 0.25f) : Vector3.Zero,
        EmissiveStrength = k % 4 == 2 ? 3 : 1,
        Ior = k % 3 == 1 ? 1.33f : 1.5f,
        Clearcoat = k % 6 == 1 ? new GlbClearcoat(0.75f, 0.125f) : null,
        Transmission = k % 6 == 4 ? new GlbTransmission(0.5f) : null,
        Unlit = k % 7 == 3,
    };

    // As it is, turned and moved, and mirrored.
    private static GlbPart[] Placed(TriangleMesh mesh) =>
    [
        new(mesh, Matrix4x4.Identity, 0),
        new(mesh, Matrix4x4.CreateRotationY(0.7f) * Matrix4x4.CreateTranslation(1.5f, 0, 0), 1),
        new(mesh, Matrix4x4.CreateScale(-0.5f, 0.5f, 0.5f) * Matrix4x4.CreateTranslation(-1.5f, 0, 0), 0),
    ];

    private static byte[] Ripples(int size)
    {
        var pixels = new byte[3 * size * size];
        for (var i = 0; i < size * size; i++)
        {
            var slope = 0.3f * MathF.Sin(i % size * 0.5f);
            var normal = Vector3.Normalize(new Vector3(slope, 0, 1));
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (Byte(normal.X), Byte(normal.Y), Byte(normal.Z));
        }

        return Png.Write(pixels, size, size, 3);
    }

    private static byte Byte(float component) => (byte)MathF.Round((component + 1) * 127.5f);

    private static JsonObject Extras(SceneObject scene) => new()
    {
        ["provenance"] = new JsonObject { ["prompt"] = scene.Caption + ", \"größer\"", ["seed"] = scene.Seed },
        ["report"] = new JsonObject { ["silhouetteIou"] = 0.975 },
    };
}
