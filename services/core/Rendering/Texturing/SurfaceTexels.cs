using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Where each used texel of a texture lies on the surface.</summary>
/// <remarks>
/// A texel is used when its centre lies in a triangle, or when it holds the middle of a triangle too thin to cover any
/// centre, so that no part of the surface is without colour of its own.
/// </remarks>
internal sealed class SurfaceTexels
{
    public SurfaceTexels(TriangleMesh mesh, float[] normals, int size)
    {
        Size = size;
        var buffer = FragmentBuffer.OfTexture(mesh, size);
        ClaimThinFaces(mesh, buffer);
        Pixels = [.. Enumerable.Range(0, size * size).Where(pixel => buffer.Face[pixel] >= 0)];
        Faces = Array.ConvertAll(Pixels, pixel => buffer.Face[pixel]);
        Weights = Array.ConvertAll(
            Pixels, pixel => new Vector3(buffer.U[pixel], buffer.V[pixel], 1 - buffer.U[pixel] - buffer.V[pixel]));
        Positions = Interpolate(mesh, mesh.Positions);
        Normals = Array.ConvertAll(
            Interpolate(mesh, normals), normal => normal.LengthSquared() > 0 ? Vector3.Normalize(normal) : Vector3.UnitY);
    }

    /// <summary>Width and height of the texture.</summary>
    public int Size { get; }

    /// <summary>Row times size plus column of each used texel, ascending, [N].</summary>
    public int[] Pixels { get; }

    /// <summary>Face per used texel, [N].</summary>
    public int[] Faces { get; }

    /// <summary>Weights of the face's three corners, [N].</summary>
    public Vector3[] Weights { get; }

    /// <summary>World position, [N].</summary>
    public Vector3[] Positions { get; }

    /// <summary>Unit world normal, [N].</summary>
    public Vector3[] Normals { get; }

    private static void ClaimThinFaces(TriangleMesh mesh, FragmentBuffer buffer)
    {
        var places = FragmentBuffer.TexturePlaces(mesh, buffer.Size);
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var (a, b, c) = (
                places[mesh.Indices[3 * face]], places[mesh.Indices[(3 * face) + 1]], places[mesh.Indices[(3 * face) + 2]]);
            var (x, y) = ((int)((a.X + b.X + c.X) / 3), (int)((a.Y + b.Y + c.Y) / 3));
            var pixel = (Math.Clamp(y, 0, buffer.Size - 1) * buffer.Size) + Math.Clamp(x, 0, buffer.Size - 1);
            if (buffer.Face[pixel] < 0)
            {
                (buffer.Face[pixel], buffer.U[pixel], buffer.V[pixel]) = (face, 1 / 3f, 1 / 3f);
            }
        }
    }

    private Vector3[] Interpolate(TriangleMesh mesh, float[] triples)
    {
        Vector3 At(int texel, int corner)
        {
            var vertex = 3 * mesh.Indices[(3 * Faces[texel]) + corner];
            return new Vector3(triples[vertex], triples[vertex + 1], triples[vertex + 2]);
        }

        var values = new Vector3[Pixels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (Weights[i].X * At(i, 0)) + (Weights[i].Y * At(i, 1)) + (Weights[i].Z * At(i, 2));
        }

        return values;
    }
}
