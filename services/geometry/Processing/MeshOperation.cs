using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Shaping;

/// <summary>An operation on a mesh, its numbers already checked.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Doing">What is being done, for people.</param>
internal abstract record MeshOperation(string Name, string Doing)
{
    /// <summary>Does it.</summary>
    /// <param name="asset">The asset so far.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The asset afterwards and the report.</returns>
    /// <exception cref="UnwrapException">The mesh cannot be unwrapped within the limits.</exception>
    /// <exception cref="MeshOperationException">The mesh does not allow the operation.</exception>
    public abstract (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel);

    // A new mesh in place of the old one. Tangents go with the normals that they belong to, textures with the coordinates that place them.
    private protected (GlbAsset Asset, MeshReport Report) Replace(GlbAsset asset, TriangleMesh mesh, bool keepsTextures, bool keepsTangents = false)
    {
        if (mesh.FaceCount == 0)
        {
            throw new MeshOperationException($"{Name} leaves no face of the mesh.");
        }

        var drops = asset.Mesh.Uvs is not null && !keepsTextures;
        var material = drops ? PlainMaterial.Of(asset) : asset.Material;
        return (
            asset with { Mesh = keepsTangents ? mesh : mesh with { Tangents = null }, Material = material },
            new MeshReport(Name, mesh.VertexCount, mesh.FaceCount, drops));
    }

    /// <summary>Mends what is broken.</summary>
    internal sealed record Repair(MeshRepairConfig Config) : MeshOperation("repair", "repairing the mesh")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel)
        {
            var result = MeshRepair.Repair(asset.Mesh, Config, cancel);
            var (repaired, report) = Replace(asset, result.Mesh, keepsTextures: false);
            return (repaired, report with { Repair = result });
        }
    }

    /// <summary>Joins vertices that lie close to each other.</summary>
    internal sealed record Weld(double Tolerance) : MeshOperation("weld", "welding vertices")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel)
        {
            var result = MeshWelding.Weld(asset.Mesh, Tolerance, cancel);
            var (welded, report) = Replace(asset, result.Mesh, keepsTextures: true);
            return (welded, report with { Weld = result });
        }
    }

    /// <summary>Fewer faces.</summary>
    internal sealed record Decimate(int Faces) : MeshOperation("decimate", "decimating the mesh")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel) =>
            Replace(asset, MeshDecimation.Decimate(asset.Mesh, Faces, cancel), keepsTextures: true);
    }

    /// <summary>Taubin's smoothing.</summary>
    internal sealed record Smooth(int Iterations, double Strength) : MeshOperation("smooth", "smoothing the mesh")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel) =>
            Replace(asset, MeshSmoothing.Taubin(asset.Mesh, Iterations, Strength, cancel), keepsTextures: true);
    }

    /// <summary>Triangles of about one size.</summary>
    internal sealed record Remesh(double? EdgeLength, int Faces) : MeshOperation("remesh", "remeshing the surface")
    {
        private const int MaxFaces = 1_500_000;

        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel)
        {
            // So many equilateral triangles cover the surface.
            var area = MeshInspection.Of(asset.Mesh, weld: true, cancel).Area;
            var length = EdgeLength ?? Math.Sqrt(4 / Math.Sqrt(3) * area / Faces);
            var expected = area / (Math.Sqrt(3) / 4 * length * length);
            if (!(expected <= MaxFaces))
            {
                throw new MeshOperationException(
                    FormattableString.Invariant($"remesh: edges of {length:G4} on {area:G4} square metres take more than {MaxFaces} faces; ask for longer ones."));
            }

            try
            {
                return Replace(asset, IsotropicRemeshing.Remesh(asset.Mesh, length, maxFaces: MaxFaces, cancel: cancel), keepsTextures: false);
            }
            catch (ArgumentException problem)
            {
                throw new MeshOperationException($"remesh: {problem.Message}"); // long faces of little area
            }
        }
    }

    /// <summary>New texture coordinates.</summary>
    internal sealed record Unwrap(UnwrapConfig Config) : MeshOperation("unwrap", "unwrapping the surface")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel)
        {
            var result = UvUnwrap.Unwrap(asset.Mesh with { Uvs = null, Tangents = null }, Config, cancel);
            var (unwrapped, report) = Replace(asset, result.Mesh, keepsTextures: false);
            return (unwrapped, report with { Unwrap = (result.ChartCount, TextureStretch.Of(result.Mesh)) });
        }
    }

    /// <summary>New vertex normals.</summary>
    internal sealed record Normals(double? CreaseDegrees) : MeshOperation("normals", "computing normals")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel) => Replace(
            asset,
            CreaseDegrees is { } degrees ? CreaseNormals.Of(asset.Mesh, degrees) : asset.Mesh with { Normals = asset.Mesh.AreaWeightedNormals() },
            keepsTextures: true);
    }

    /// <summary>Tangents for normal maps.</summary>
    internal sealed record Tangents() : MeshOperation("tangents", "computing tangents")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel) => asset.Mesh.Uvs is null
            ? throw new MeshOperationException("tangents needs texture coordinates, which the mesh does not have there; unwrap it before.")
            : Replace(asset, TangentFrames.Of(asset.Mesh), keepsTextures: true, keepsTangents: true);
    }

    /// <summary>Another place and size.</summary>
    internal sealed record Place(double? LongestSide) : MeshOperation("place", "placing the mesh")
    {
        public override (GlbAsset Asset, MeshReport Report) Apply(GlbAsset asset, CancellationToken cancel)
        {
            var bounds = MeshBounds.Of(asset.Mesh);
            var scale = LongestSide is { } side ? side / bounds.LongestSide : 1;
            return double.IsFinite(scale) && (float)scale > 0
                ? Replace(asset, bounds.Place(asset.Mesh, scale), keepsTextures: true, keepsTangents: true)
                : throw new MeshOperationException("place: the mesh has no size that could be scaled.");
        }
    }
}
