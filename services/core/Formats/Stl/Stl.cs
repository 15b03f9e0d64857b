using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes STL: triangles alone, each with its own corners. Source: 3D Systems, StereoLithography interface specification, 1989.</summary>
public static class Stl
{
    private const int HeaderBytes = 84;
    private const int FaceBytes = 50;

    /// <summary>Reads an ASCII or binary file; corners at exactly the same place become one vertex again.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The mesh. The normals of the file are passed over: corners say the same.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated, too large, or holds no face.</exception>
    public static TriangleMesh Read(ReadOnlySpan<byte> bytes, string name, MeshLimits? limits = null)
    {
        limits ??= new MeshLimits();
        limits.CheckBytes(name, bytes.Length);
        var count = Count(bytes);
        if (!IsStl(bytes))
        {
            throw new MalformedFileException(name, $"not an STL file: {bytes.Length} bytes hold no {count} faces, and no text that starts with \"solid\".");
        }

        var corners = IsBinary(bytes) ? Binary(bytes[HeaderBytes..], (int)count, name, limits) : StlText.Read(bytes, name, limits);
        return corners.Length > 0 ? Weld(corners) : throw new MalformedFileException(name, "it holds no face.");
    }

    /// <summary>Writes a binary file.</summary>
    /// <param name="mesh">The mesh; its texture coordinates and vertex normals have no place.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(TriangleMesh mesh)
    {
        CheckSound(mesh);
        var bytes = new byte[HeaderBytes + (FaceBytes * mesh.FaceCount)];
        Encoding.ASCII.GetBytes("Realiz3D Mesh").CopyTo(bytes, 0); // must not start with "solid"
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(80), (uint)mesh.FaceCount);
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var (normal, corners) = Face(mesh, face);
            var target = bytes.AsSpan(HeaderBytes + (FaceBytes * face));
            foreach (var vector in (ReadOnlySpan<Vector3>)[normal, .. corners])
            {
                BinaryPrimitives.WriteSingleLittleEndian(target, vector.X);
                BinaryPrimitives.WriteSingleLittleEndian(target[4..], vector.Y);
                BinaryPrimitives.WriteSingleLittleEndian(target[8..], vector.Z);
                target = target[12..];
            }
        }

        return bytes;
    }

    /// <summary>Writes an ASCII file, with all digits that a float needs.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <returns>The whole file.</returns>
    public static byte[] WriteText(TriangleMesh mesh)
    {
        CheckSound(mesh);
        var text = new StringBuilder("solid mesh\n");
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var (normal, corners) = Face(mesh, face);
            text.Append(CultureInfo.InvariantCulture, $"facet normal {normal.X:R} {normal.Y:R} {normal.Z:R}\nouter loop\n");
            foreach (var corner in corners)
            {
                text.Append(CultureInfo.InvariantCulture, $"vertex {corner.X:R} {corner.Y:R} {corner.Z:R}\n");
            }

            text.Append("endloop\nendfacet\n");
        }

        return Encoding.ASCII.GetBytes(text.Append("endsolid mesh\n").ToString());
    }

    /// <summary>Whether bytes are STL, by their length or their first word.</summary>
    internal static bool IsStl(ReadOnlySpan<byte> bytes) => IsBinary(bytes) || StlText.IsText(bytes);

    // Binary files may start with "solid" too; their length gives them away.
    private static bool IsBinary(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && bytes.Length == HeaderBytes + ((long)FaceBytes * Count(bytes));

    private static uint Count(ReadOnlySpan<byte> bytes) => bytes.Length >= HeaderBytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[80..]) : 0;

    private static float[] Binary(ReadOnlySpan<byte> faces, int count, string name, MeshLimits limits)
    {
        limits.CheckFaces(name, count);
        limits.CheckVertices(name, 3L * count);
        var corners = new float[9 * count];
        for (var i = 0; i < corners.Length; i++)
        {
            corners[i] = BinaryPrimitives.ReadSingleLittleEndian(faces[((i / 9 * FaceBytes) + 12 + (i % 9 * 4))..]);
            if (!float.IsFinite(corners[i]))
            {
                throw new MalformedFileException(name, $"face {i / 9} has a corner that is not finite.");
            }
        }

        return corners;
    }

    private static TriangleMesh Weld(float[] corners)
    {
        var soup = new TriangleMesh(corners, [.. Enumerable.Range(0, corners.Length / 3)]);
        var first = MeshInspection.FirstAtSamePlace(soup);
        var (number, positions) = (new int[first.Length], new List<float>());
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] == i)
            {
                number[i] = positions.Count / 3;
                positions.AddRange(corners.AsSpan(3 * i, 3));
            }
        }

        return new TriangleMesh([.. positions], Array.ConvertAll(first, vertex => number[vertex]));
    }

    private static (Vector3 Normal, Vector3[] Corners) Face(TriangleMesh mesh, int face)
    {
        Vector3[] corners = [.. mesh.Indices.AsSpan(3 * face, 3).ToArray().Select(mesh.Position)];
        var cross = Vector3.Cross(corners[1] - corners[0], corners[2] - corners[0]);
        return (cross.LengthSquared() > 0 ? Vector3.Normalize(cross) : Vector3.Zero, corners);
    }

    private static void CheckSound(TriangleMesh mesh)
    {
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be written: {fault}");
        }
    }
}
