using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A detailed mesh, asked where it lies beside places of a simpler one.</summary>
/// <remarks>
/// Of a place with a normal the nearest place on the detailed faces that look to the same side counts, so that a thin wall does not
/// take its other side; where no such face lies within reach, the place itself.
/// </remarks>
public sealed class DetailSurface
{
    private readonly TriangleMesh _mesh;
    private readonly float _reach;
    private readonly SurfaceSearch _search;
    private readonly float[] _normals;
    private readonly PbrAsset? _asset;

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The detailed mesh; its normals if it has them, else area-weighted ones.</param>
    /// <param name="reach">Farthest that the two surfaces lie apart.</param>
    public DetailSurface(TriangleMesh mesh, float reach = float.PositiveInfinity) =>
        (_mesh, _reach, _search, _normals) = (mesh, reach, new SurfaceSearch(mesh), mesh.Normals ?? mesh.AreaWeightedNormals());

    /// <summary>Prepares an asset, whose normal maps count as detail.</summary>
    /// <param name="asset">The detailed asset.</param>
    /// <param name="reach">Farthest that the two surfaces lie apart.</param>
    public DetailSurface(PbrAsset asset, float reach = float.PositiveInfinity)
        : this(asset.Mesh, reach) => _asset = asset;

    /// <summary>The detailed surface beside a place.</summary>
    /// <param name="position">The place.</param>
    /// <param name="normal">Unit normal there.</param>
    /// <returns>Position and unit normal, interpolated between the vertices.</returns>
    public (Vector3 Position, Vector3 Normal) Beside(Vector3 position, Vector3 normal)
    {
        if (_search.Nearest(position, normal, _reach) is not { } place)
        {
            return (position, normal);
        }

        var found = place.Interpolate(_mesh, _normals);
        return (place.Interpolate(_mesh, _mesh.Positions), found.LengthSquared() > 0 ? Vector3.Normalize(found) : normal);
    }

    /// <summary>The normal that a viewer shades the detailed surface with beside a place: with its normal map, if it has one.</summary>
    /// <param name="position">The place.</param>
    /// <param name="normal">Unit normal there.</param>
    /// <returns>Unit world normal.</returns>
    public Vector3 ShadingNormalBeside(Vector3 position, Vector3 normal)
    {
        if (_asset is null)
        {
            return Beside(position, normal).Normal;
        }

        if (_search.Nearest(position, normal, _reach) is not { } place)
        {
            return normal;
        }

        Span<float> weights = [place.U, place.V, 1 - place.U - place.V];
        var found = SurfaceAttributes.Of(_mesh, place.Face, weights).ShadingNormal(_asset.Materials[_asset.MaterialOfFace[place.Face]]);
        return found == Vector3.Zero ? normal : found;
    }
}
