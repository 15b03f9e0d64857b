using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes one PLY file.</summary>
internal sealed class PlyWriter(PlyEncoding encoding)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _lineStarts = true;

    public static byte[] Write(TriangleMesh mesh, PlyEncoding encoding)
    {
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be written: {fault}");
        }

        var writer = new PlyWriter(encoding);
        writer.Header(mesh);
        writer.Body(mesh);
        return writer._bytes.WrittenSpan.ToArray();
    }

    private void Header(TriangleMesh mesh)
    {
        var format = encoding switch
        {
            PlyEncoding.Ascii => "ascii",
            PlyEncoding.BinaryLittleEndian => "binary_little_endian",
            _ => "binary_big_endian",
        };
        string[] names = ["x", "y", "z", .. mesh.Normals is null ? [] : (string[])["nx", "ny", "nz"], .. mesh.Uvs is null ? [] : (string[])["s", "t"]];
        Text($"ply\nformat {format} 1.0\ncomment Realiz3D Mesh\nelement vertex {mesh.VertexCount}\n");
        foreach (var name in names)
        {
            Text($"property float {name}\n");
        }

        Text($"element face {mesh.FaceCount}\nproperty list uchar int vertex_indices\nend_header\n");
    }

    private void Body(TriangleMesh mesh)
    {
        for (var vertex = 0; vertex < mesh.VertexCount; vertex++)
        {
            Floats(mesh.Positions.AsSpan(3 * vertex, 3));
            Floats(mesh.Normals is null ? [] : mesh.Normals.AsSpan(3 * vertex, 3));
            Floats(mesh.Uvs is null ? [] : [mesh.Uvs[2 * vertex], 1 - mesh.Uvs[(2 * vertex) + 1]]);
            EndRow();
        }

        for (var face = 0; face < mesh.FaceCount; face++)
        {
            if (encoding == PlyEncoding.Ascii)
            {
                Word("3");
            }
            else
            {
                _bytes.Write<byte>([3]);
            }

            foreach (var index in mesh.Indices.AsSpan(3 * face, 3))
            {
                Whole(index);
            }

            EndRow();
        }
    }

    private void Floats(ReadOnlySpan<float> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in values)
        {
            if (encoding == PlyEncoding.Ascii)
            {
                Word(value.ToString("R", CultureInfo.InvariantCulture));
                continue;
            }

            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            Put(bytes);
        }
    }

    private void Whole(int value)
    {
        if (encoding == PlyEncoding.Ascii)
        {
            Word(value.ToString(CultureInfo.InvariantCulture));
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Put(bytes);
    }

    private void Put(Span<byte> little)
    {
        if (encoding == PlyEncoding.BinaryBigEndian)
        {
            little.Reverse();
        }

        _bytes.Write((ReadOnlySpan<byte>)little);
    }

    private void Word(string word)
    {
        Text(_lineStarts ? word : " " + word);
        _lineStarts = false;
    }

    private void EndRow()
    {
        if (encoding == PlyEncoding.Ascii)
        {
            Text("\n");
            _lineStarts = true;
        }
    }

    private void Text(string text) => _bytes.Write(Encoding.ASCII.GetBytes(text));
}
