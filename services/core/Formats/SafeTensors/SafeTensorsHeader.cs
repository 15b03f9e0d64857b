using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and checks the JSON header of a safetensors file.</summary>
internal static class SafeTensorsHeader
{
    private const int MaxRank = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static (IReadOnlyDictionary<string, TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata)
        Parse(string file, byte[] header, long dataStart, long fileLength)
    {
        try
        {
            using var json = JsonDocument.Parse(header, Strict);
            var tensors = new Dictionary<string, TensorEntry>();
            var metadata = new Dictionary<string, string>();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    foreach (var item in property.Value.EnumerateObject())
                    {
                        metadata[item.Name] = item.Value.GetString() ?? "";
                    }
                }
                else
                {
                    tensors[property.Name] = ReadEntry(file, property.Name, property.Value, dataStart);
                }
            }

            CheckCover(file, tensors, dataStart, fileLength);
            return (tensors, metadata);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException
            or KeyNotFoundException or OverflowException)
        {
            throw new MalformedFileException(file, $"the safetensors header is broken: {broken.Message}", broken);
        }
    }

    private static TensorEntry ReadEntry(string file, string name, JsonElement entry, long dataStart)
    {
        var spelled = entry.GetProperty("dtype").GetString();
        if (!Enum.TryParse<ElementKind>(spelled, out var kind) || kind.ToString() != spelled)
        {
            throw new MalformedFileException(file, $"tensor \"{name}\" has the unsupported type \"{spelled}\".");
        }

        var shape = entry.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()).ToArray();
        if (shape.Length > MaxRank || shape.Any(extent => extent < 0))
        {
            throw new MalformedFileException(file, $"tensor \"{name}\" has the shape [{string.Join(", ", shape)}].");
        }

        var offsets = entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        var expected = shape.Aggregate((long)kind.Size(), (product, extent) => checked(product * extent));
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != expected)
        {
            throw new MalformedFileException(
                file,
                $"tensor \"{name}\" {spelled} [{string.Join(", ", shape)}] needs {expected} bytes, "
                + $"its offsets are [{string.Join(", ", offsets)}].");
        }

        return new TensorEntry(kind, shape, checked(dataStart + offsets[0]), expected);
    }

    private static void CheckCover(
        string file, Dictionary<string, TensorEntry> tensors, long dataStart, long fileLength)
    {
        var at = dataStart;
        foreach (var (name, entry) in tensors.OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.ByteLength))
        {
            if (entry.Offset != at)
            {
                var fault = entry.Offset < at ? "overlaps the tensor before it" : "leaves a gap before it";
                throw new MalformedFileException(file, $"tensor \"{name}\" {fault}.");
            }

            at += entry.ByteLength;
            if (at > fileLength)
            {
                throw new MalformedFileException(
                    file, $"truncated: tensor \"{name}\" ends at byte {at}, the file at {fileLength}.");
            }
        }

        if (at != fileLength)
        {
            throw new MalformedFileException(file, $"{fileLength - at} bytes after the last tensor belong to nothing.");
        }
    }
}
