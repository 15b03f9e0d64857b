using System.Numerics;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>What a finished asset shows.</summary>
/// <param name="Category">What the classifier names its renders.</param>
/// <param name="Colour">The colour nearest to its mean albedo.</param>
internal sealed record Judgement(SceneCategory Category, SceneColour Colour);

/// <summary>Looks at finished assets: renders at the six cameras, a classifier that knows only procedural scenes, the mean albedo.</summary>
internal sealed class AssetJudge(CategoryClassifier classifier)
{
    private const int Size = 64;

    /// <summary>Opens the judge with the committed classifier.</summary>
    /// <param name="folder">Holds its model.safetensors.</param>
    public static AssetJudge Open(string folder)
    {
        var classifier = new CategoryClassifier();
        Weights.Load(classifier, folder);
        classifier.eval();
        return new AssetJudge(classifier);
    }

    /// <summary>Judges one asset.</summary>
    /// <param name="glb">The asset's bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    public Judgement Judge(byte[] glb, string name)
    {
        using var scope = NewDisposeScope();
        var asset = Glb.Read(glb, name);
        var renderer = AssetRenderer.Of(asset, name);
        var rgba = stack(CameraRig.Zero123PlusV12.Select(camera => tensor(renderer.Render(camera, Size), [4, Size, Size])));
        return new Judgement(classifier.Name(PaintedViews.ToNetwork(rgba)), ColourTable.Nearest(MeanAlbedo(asset, name)));
    }

    // The base colour at each triangle's middle, weighted by the triangle's area, in linear light.
    private static Rgb MeanAlbedo(GlbAsset asset, string name)
    {
        var image = Png.Read(asset.Material.BaseColorPng, $"{name}, base colour");
        var pixels = image.ToRgba();
        var (mesh, uvs) = (asset.Mesh, asset.Mesh.Uvs ?? throw new MalformedFileException(name, "it has no texture coordinates."));
        var (sum, total) = (Vector3.Zero, 0f);
        for (var corner = 0; corner < mesh.Indices.Length; corner += 3)
        {
            var (a, b, c) = (mesh.Indices[corner], mesh.Indices[corner + 1], mesh.Indices[corner + 2]);
            var area = Vector3.Cross(Position(mesh, b) - Position(mesh, a), Position(mesh, c) - Position(mesh, a)).Length();
            var column = (int)Math.Clamp((uvs[2 * a] + uvs[2 * b] + uvs[2 * c]) / 3 * image.Width, 0, image.Width - 1);
            var row = (int)Math.Clamp((uvs[(2 * a) + 1] + uvs[(2 * b) + 1] + uvs[(2 * c) + 1]) / 3 * image.Height, 0, image.Height - 1);
            var texel = pixels.AsSpan(4 * ((row * image.Width) + column), 3);
            sum += area * new Vector3(Srgb.FromByte(texel[0]), Srgb.FromByte(texel[1]), Srgb.FromByte(texel[2]));
            total += area;
        }

        var mean = sum / total;
        return new Rgb(mean.X, mean.Y, mean.Z);
    }

    private static Vector3 Position(TriangleMesh mesh, int vertex) =>
        new(mesh.Positions[3 * vertex], mesh.Positions[(3 * vertex) + 1], mesh.Positions[(3 * vertex) + 2]);
}
