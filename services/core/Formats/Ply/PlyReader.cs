namespace Realiz3D.Mesh.Formats;

/// <summary>Reads one PLY file: 1. header  2. vertices  3. faces, polygons round their first corner  4. the mesh.</summary>
internal sealed class PlyReader(string file, MeshLimits limits)
{
    private static readonly string[][] UvNames = [["s", "t"], ["u", "v"], ["texture_u", "texture_v"]];

    private readonly Dictionary<string, double[]> _vertices = [];
    private readonly List<int> _indices = [];
    private int _vertexCount;

    public PlyModel Read(ReadOnlySpan<byte> bytes)
    {
        // 1. header
        limits.CheckBytes(file, bytes.Length);
        var header = PlyHeader.Parse(bytes, file);
        var numbers = new PlyNumbers(bytes[header.BodyStart..], header.Encoding, file);
        foreach (var element in header.Elements)
        {
            if (element.Name == "vertex")
            {
                limits.CheckVertices(file, element.Count);
                _vertexCount = (int)element.Count;
                foreach (var property in element.Properties.Where(property => property.Length is null))
                {
                    _vertices[property.Name] = new double[_vertexCount];
                }
            }

            for (var row = 0L; row < element.Count; row++)
            {
                Row(element, row, ref numbers);
            }
        }

        // 4. the mesh
        var positions = Take(["x", "y", "z"])
            ?? throw new MalformedFileException(file, "its vertices have no x, y and z.");
        if (_indices.Count == 0)
        {
            throw new MalformedFileException(file, "it holds no face.");
        }

        if (_indices.FindIndex(index => index < 0 || index >= _vertexCount) is >= 0 and var at)
        {
            throw new MalformedFileException(file, $"a face names vertex {_indices[at]} of {_vertexCount}.");
        }

        var uvs = UvNames.Select(Take).FirstOrDefault(found => found is not null);
        for (var i = 1; i < uvs?.Length; i += 2)
        {
            uvs[i] = 1 - uvs[i]; // v is up in PLY files, down in glTF
        }

        return new PlyModel(new TriangleMesh(positions, [.. _indices], uvs, Take(["nx", "ny", "nz"])), _vertices);
    }

    private void Row(PlyElement element, long row, ref PlyNumbers numbers)
    {
        foreach (var property in element.Properties)
        {
            if (property.Length is not { } length)
            {
                var value = numbers.Next(property.Type);
                if (element.Name == "vertex")
                {
                    _vertices[property.Name][row] = value; // 2. vertices
                }

                continue;
            }

            var count = numbers.Whole(length);
            if (count < 0 || count > numbers.Left)
            {
                throw new MalformedFileException(file, $"a list of {count} numbers runs past the end.");
            }

            if (element.Name == "face" && property.Name is "vertex_indices" or "vertex_index")
            {
                Polygon(property.Type, count, ref numbers); // 3. faces
            }
            else
            {
                for (var i = 0L; i < count; i++)
                {
                    numbers.Next(property.Type);
                }
            }
        }
    }

    private void Polygon(PlyType type, long count, ref PlyNumbers numbers)
    {
        if (count < 3)
        {
            throw new MalformedFileException(file, $"a face has {count} corners; 3 are the fewest.");
        }

        limits.CheckFaces(file, (_indices.Count / 3) + count - 2);
        var (first, last) = (Vertex(type, ref numbers), Vertex(type, ref numbers));
        for (var i = 2L; i < count; i++)
        {
            var next = Vertex(type, ref numbers);
            _indices.AddRange([first, last, next]);
            last = next;
        }
    }

    private int Vertex(PlyType type, ref PlyNumbers numbers)
    {
        var index = numbers.Whole(type);
        return index is >= 0 and <= int.MaxValue
            ? (int)index
            : throw new MalformedFileException(file, $"a face names vertex {index}.");
    }

    /// <summary>Columns side by side as finite floats, taken out of the properties; null unless all are there.</summary>
    private float[]? Take(string[] names)
    {
        if (!Array.TrueForAll(names, _vertices.ContainsKey))
        {
            return null;
        }

        var values = new float[_vertexCount * names.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)_vertices[names[i % names.Length]][i / names.Length];
            if (!float.IsFinite(values[i]))
            {
                throw new MalformedFileException(file, $"vertex {i / names.Length} has a {names[i % names.Length]} that is not finite.");
            }
        }

        foreach (var name in names)
        {
            _vertices.Remove(name);
        }

        return values;
    }
}
