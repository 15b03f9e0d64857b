using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Base colour, roughness and metallic of a mesh that has a material, read at places beside it.</summary>
internal sealed class SourceMaterial
{
    private const float StandardRoughness = 0.6f; // as MaterialLexicon's for words that say nothing

    private readonly TriangleMesh _mesh;
    private readonly SurfaceSearch _search;
    private readonly AlbedoTexture? _color;
    private readonly AlbedoTexture? _orm;
    private readonly GlbMaterial _material;
    private readonly Vector3 _factor;

    /// <param name="asset">The mesh and its material.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="MalformedFileException">A texture cannot be read.</exception>
    public SourceMaterial(GlbAsset asset, string name)
    {
        (_mesh, _material) = (asset.Mesh, asset.Material);
        _search = new SurfaceSearch(_mesh);
        _factor = new Vector3(_material.BaseColorFactor.X, _material.BaseColorFactor.Y, _material.BaseColorFactor.Z);
        if (_mesh.Uvs is not null)
        {
            _color = _material.BaseColorPng is { } color ? AlbedoTexture.Read(color, $"{name}, base colour", Srgb.FromByte) : null;
            _orm = _material.OrmPng is { } orm ? AlbedoTexture.Read(orm, $"{name}, ORM", value => value / 255f) : null;
        }
    }

    /// <summary>Linear base colour beside a place.</summary>
    public Vector3 BaseColor(Vector3 position, Vector3 normal) => _color is null ? _factor : _factor * Read(_color, position, normal);

    /// <summary>Roughness and metallic beside a place.</summary>
    public (float Roughness, float Metallic) RoughnessAndMetallic(Vector3 position, Vector3 normal)
    {
        if (_orm is null)
        {
            return (StandardRoughness, 0);
        }

        var orm = Read(_orm, position, normal);
        return (orm.Y * _material.RoughnessFactor, orm.Z * _material.MetallicFactor);
    }

    private Vector3 Read(AlbedoTexture texture, Vector3 position, Vector3 normal)
    {
        if ((_search.Nearest(position, normal) ?? _search.Nearest(position, Vector3.Zero)) is not { } place)
        {
            return Vector3.One;
        }

        var (weights, uv) = (new Vector3(place.U, place.V, 1 - place.U - place.V), Vector2.Zero);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = _mesh.Indices[(3 * place.Face) + corner];
            uv += weights[corner] * new Vector2(_mesh.Uvs![2 * vertex], _mesh.Uvs[(2 * vertex) + 1]);
        }

        return texture.At(uv - new Vector2(MathF.Floor(uv.X), MathF.Floor(uv.Y))); // glTF's textures repeat
    }
}
