using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Shows an asset under an environment at once: rasterized, textures at the right mip level, split-sum light.</summary>
/// <remarks>
/// 1. The nearest triangle of 2 x 2 samples per pixel (<see cref="ZBuffer"/>). 2. Per sample: attributes, mip-mapped textures, the normal map in
/// its tangent frame, <see cref="EnvironmentLight.Shade"/>; where alpha lets something through, the same for what lies behind
/// (<see cref="SurfaceLayers"/>). 3. Silhouettes are blended between samples (<see cref="Antialiasing"/>). 4. Means of
/// 2 x 2. No shadows; an occlusion texture darkens instead. Surfaces are seen from both sides.
/// </remarks>
public sealed class SplitSumRenderer : IDisposable
{
    private const int SamplesPerSide = 2;
    private const int SamplesAtATime = 1 << 18;

    private readonly PbrAsset _asset;
    private readonly EnvironmentLight _light;
    private readonly MaterialSamplers[] _materials;
    private readonly Tensor _attributes;        // position, normal, texture coordinates, tangent and sign, [P, 12]
    private readonly Tensor _faceNormals;       // [F, 3]
    private readonly int[] _adjacency;
    private readonly SurfaceRays? _rays;        // where something may be seen through

    /// <summary>Prepares an asset under a light.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="light">Its light, on the CPU; it stays the caller's.</param>
    public SplitSumRenderer(PbrAsset asset, EnvironmentLight light)
    {
        ArgumentNullException.ThrowIfNull(asset);
        ArgumentNullException.ThrowIfNull(light);
        (_asset, _light) = (asset, light);
        using var scope = NewDisposeScope();
        var (mesh, vertices) = (asset.Mesh, asset.Mesh.VertexCount);
        var parts = new[]
        {
            tensor(mesh.Positions, [vertices, 3]), tensor(mesh.Normals!, [vertices, 3]),
            tensor(mesh.Uvs!, [vertices, 2]), tensor(mesh.Tangents!, [vertices, 4]),
        };
        _attributes = cat(parts, 1).DetachFromDisposeScope();
        var normals = new float[3 * mesh.FaceCount];
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            asset.FaceNormal(face).CopyTo(normals, 3 * face);
        }

        _faceNormals = tensor(normals, [mesh.FaceCount, 3]).DetachFromDisposeScope();
        _materials = [.. asset.Materials.Select(material => new MaterialSamplers(material))];
        _adjacency = FaceAdjacency.Of(mesh.Indices);
        _rays = asset.HasAlpha ? new SurfaceRays(mesh) : null;
    }

    /// <summary>Renders one view.</summary>
    /// <param name="camera">The camera; it sees up to one metre before and behind the origin.</param>
    /// <param name="size">Width and height in pixels, H = W.</param>
    /// <param name="cancel">Ends it between two parts of the picture.</param>
    /// <returns>Linear RGB, above 1 too, with straight alpha, [4, H, W].</returns>
    public float[] Render(Camera camera, int size, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(camera);
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var side = size * SamplesPerSide;
        var faces = _asset.Mesh.Indices;

        // 1. visibility
        var clip = MeshOps.ToClip(_attributes.narrow(1, 0, 3), [camera]);                       // [1, P, 4]
        var places = clip.data<float>().ToArray();
        var buffer = ZBuffer.Draw(places, 1, faces, side, side);

        // 2. shading
        var colours = Layers(buffer, clip, camera, cancel);                                     // [side^2, 4], times alpha

        // 3. silhouettes, 4. means
        var crossings = SilhouetteCrossings.Find(buffer, places, faces, _adjacency);
        var blended = Antialiasing.Blend(colours, clip, crossings, side, side);
        var means = nn.functional.avg_pool2d(blended.reshape(1, side, side, 4).permute(0, 3, 1, 2), SamplesPerSide).squeeze(0);
        var alpha = means.narrow(0, 3, 1);
        return cat([means.narrow(0, 0, 3) / alpha.clamp_min(1e-6), alpha], 0).contiguous().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attributes.Dispose();
        _faceNormals.Dispose();
        Array.ForEach(_materials, material => material.Dispose());
    }

    private Tensor Layers(ZBuffer nearest, Tensor clip, Camera camera, CancellationToken cancel)
    {
        var (side, layer) = (nearest.Width, nearest);
        var (colours, rest) = (zeros(side * side, 4), ones(side * side, 1));
        var behind = _rays is null ? null : new SurfaceLayers(_asset, _rays, camera, side);
        for (var count = 0; count < SurfaceLayers.Most; count++)
        {
            var fragments = Fragments.Of(layer, clip, _asset.Mesh.Indices);
            if (fragments.Count == 0)
            {
                break;
            }

            var shaded = Shade(fragments, [.. layer.Triangles.Where(triangle => triangle >= 0)], camera, cancel);      // [N, 4]
            var (coverage, passing) = (shaded.narrow(1, 3, 1), rest.index_select(0, fragments.Pixels));
            colours = colours.index_add(0, fragments.Pixels, cat([shaded.narrow(1, 0, 3) * coverage, coverage], 1) * passing, 1);
            if (behind is null)
            {
                break;
            }

            rest = rest.index_copy(0, fragments.Pixels, passing * (1 - coverage));
            layer = ZBuffer.OfTriangles(behind.Next(layer.Triangles, rest.data<float>().ToArray()), side, side);
        }

        return colours;
    }

    // Light and coverage, [N, 4].
    private Tensor Shade(Fragments fragments, int[] seen, Camera camera, CancellationToken cancel)
    {
        var eye = camera.Position();
        var eyes = tensor(new[] { (float)eye[0], (float)eye[1], (float)eye[2] }, [1, 3]);
        var result = zeros(seen.Length, 4);
        for (var material = 0; material < _materials.Length; material++)
        {
            var members = Enumerable.Range(0, seen.Length).Where(i => _asset.MaterialOfFace[seen[i]] == material).Select(i => (long)i);
            foreach (var chunk in members.Chunk(SamplesAtATime))
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var index = tensor(chunk);
                var part = fragments.Select(index);
                var geometric = _faceNormals.index_select(0, tensor(Array.ConvertAll(chunk, i => (long)seen[i])));
                var slopes = FragmentDerivatives.Of(part).Of(part, _attributes.narrow(1, 6, 2));
                var shaded = Shade(_materials[material], part.Interpolate(_attributes), slopes, geometric, eyes);
                result.index_copy_(0, index, shaded);
            }
        }

        return result;
    }

    private Tensor Shade(MaterialSamplers material, Tensor attributes, Tensor slopes, Tensor geometric, Tensor eye)
    {
        var position = attributes.narrow(1, 0, 3);
        var texture = material.Read(attributes.narrow(1, 6, 2), slopes);
        if (material.IsUnlit)
        {
            return cat([texture.BaseColour, texture.Coverage], 1);
        }

        // The map's y follows the bitangent's sign; where there is no tangent its x and y count for nothing.
        var signed = cat([texture.Normal.narrow(1, 0, 1), texture.Normal.narrow(1, 1, 1) * attributes.narrow(1, 11, 1).sign(), texture.Normal.narrow(1, 2, 1)], 1);
        var normal = Vectors.Normalize(ShadingNormals.Of(
            position, eye, signed, attributes.narrow(1, 3, 3), attributes.narrow(1, 8, 3), geometric, twoSided: true));
        var light = _light.Shade(texture.BaseColour, texture.Orm, normal, Vectors.Normalize(eye - position), material.Dielectric);
        return cat([light + texture.Emissive, texture.Coverage], 1);
    }
}
