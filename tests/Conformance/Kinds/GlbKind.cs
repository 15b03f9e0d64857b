using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>A sound file of one of the formats, and what it holds.</summary>
internal static class GlbKind
{
    public static void Run(GoldenCase golden)
    {
        var name = golden.Args.GetProperty("file").GetString()!;
        var bytes = File.ReadAllBytes(Path.Combine(golden.Folder, name));
        switch (golden.Args.GetProperty("format").GetString())
        {
            case "glb":
                CompareScene(golden, Glb.ReadScene(bytes, name));
                break;
            case "obj":
                CompareObj(golden, Obj.Read(bytes, name));
                break;
            case "ply":
                ComparePly(golden, Ply.Read(bytes, name));
                break;
            case "png":
                ComparePng(golden, Png.Read(bytes, name));
                break;
            case var format:
                throw new NotSupportedException($"args.format {format} is unknown; say glb, obj, ply or png.");
        }
    }

    private static void CompareScene(GoldenCase golden, GlbScene scene)
    {
        var asset = scene.Join();
        CompareMesh(golden, asset.Mesh);
        golden.Compare("out/positions_world", CaseMeshes.Rows(asset.Mesh.Positions, 3));
        golden.Compare("out/positions_local", CaseMeshes.Rows([.. scene.Parts.SelectMany(part => part.Mesh.Positions)], 3));

        // The reference multiplies columns from the right.
        var world = Matrix4x4.Transpose(scene.Parts[0].World);
        golden.Compare("out/world_matrix", CaseMeshes.Rows([.. Enumerable.Range(0, 16).Select(i => world[i / 4, i % 4])], 4));
        golden.Compare("out/metallic_roughness", tensor(new[] { asset.Material.MetallicFactor, asset.Material.RoughnessFactor }));
        if (asset.Material.BaseColorPng is { } png)
        {
            var image = Png.Read(png, "base colour");
            golden.Compare("out/texture_rgba_u8", CaseMeshes.Longs(image.ToRgba().Select(value => (int)value)).reshape(image.Height, image.Width, 4));
        }
    }

    private static void CompareMesh(GoldenCase golden, TriangleMesh mesh)
    {
        golden.Compare("out/positions", CaseMeshes.Rows(mesh.Positions, 3));
        golden.Compare("out/faces", CaseMeshes.Longs(mesh.Indices, 3));
        if (mesh.Uvs is not null)
        {
            golden.Compare("out/uv", CaseMeshes.Rows(mesh.Uvs, 2));
        }

        if (mesh.Normals is not null)
        {
            golden.Compare("out/normals", CaseMeshes.Rows(mesh.Normals, 3));
        }
    }

    /// <summary>Everything as the file counts it: vertices are not doubled where texture coordinates part.</summary>
    private static void CompareObj(GoldenCase golden, ObjModel model)
    {
        golden.Compare("out/positions", CaseMeshes.Rows(model.Positions, 3));
        golden.Compare("out/faces", CaseMeshes.Longs(model.PositionIndices, 3));
        golden.Compare("out/uv", CaseMeshes.Rows(model.Uvs, 2));
        golden.Compare("out/uv_faces", CaseMeshes.Longs(model.UvIndices, 3));
        golden.Compare("out/normals", CaseMeshes.Rows(model.Normals, 3));
        golden.Compare("out/normal_faces", CaseMeshes.Longs(model.NormalIndices, 3));
    }

    private static void ComparePly(GoldenCase golden, PlyModel model)
    {
        // v as the file has it: upwards.
        CompareMesh(golden, model.Mesh with { Uvs = model.Mesh.Uvs?.Select((value, i) => i % 2 == 0 ? value : 1 - value).ToArray() });
        foreach (var (name, values) in model.VertexProperties)
        {
            var key = $"out/{name}";
            golden.Compare(key, golden.Has(key) ? tensor(values).to(golden.Tensor(key).dtype) : tensor(values));
        }
    }

    private static void ComparePng(GoldenCase golden, PngImage image)
    {
        var pixels = CaseMeshes.Longs(image.Samples.Select(sample => (int)sample));
        golden.Compare("out/pixels", image.Channels == 1
            ? pixels.reshape(image.Height, image.Width)
            : pixels.reshape(image.Height, image.Width, image.Channels));
    }
}
