using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Shaping;

/// <summary>What one operation did to a mesh.</summary>
/// <param name="Operation">Its name on the wire.</param>
/// <param name="VertexCount">Vertices afterwards.</param>
/// <param name="FaceCount">Faces afterwards.</param>
/// <param name="DropsTextures">Whether texture coordinates, and with them textures, were given up.</param>
internal sealed record MeshReport(string Operation, int VertexCount, int FaceCount, bool DropsTextures)
{
    /// <summary>What a repair fixed; null for another operation.</summary>
    public MeshRepairResult? Repair { get; init; }

    /// <summary>What a weld joined; null for another operation.</summary>
    public MeshWeldResult? Weld { get; init; }

    /// <summary>Charts and stretch of an unwrapping; null for another operation.</summary>
    public (int Charts, TextureStretch Stretch)? Unwrap { get; init; }
}
