using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing;

/// <summary>What the materials of an asset say, read at places beside it.</summary>
/// <param name="asset">The asset.</param>
internal sealed class SourceMaterial(PbrAsset asset)
{
    private const float StandardRoughness = 0.6f; // as MaterialLexicon's for words that say nothing

    private readonly SurfaceSearch _search = new(asset.Mesh);

    /// <summary>Linear base colour beside a place.</summary>
    public Vector3 BaseColor(Vector3 position, Vector3 normal) => Look(position, normal)?.BaseColor ?? Vector3.One;

    /// <summary>Roughness and metallic beside a place.</summary>
    public (float Roughness, float Metallic) RoughnessAndMetallic(Vector3 position, Vector3 normal) =>
        Look(position, normal)?.RoughnessMetallic ?? (StandardRoughness, 0);

    /// <summary>Own light beside a place, linear RGB.</summary>
    public Vector3 Emitted(Vector3 position, Vector3 normal) => Look(position, normal)?.Emitted ?? Vector3.Zero;

    private SurfaceLook? Look(Vector3 position, Vector3 normal) =>
        (_search.Nearest(position, normal) ?? _search.Nearest(position, Vector3.Zero)) is { } place ? SurfaceLook.Of(asset, place) : null;
}
