using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Rows and columns of a latent or an image; in a configuration one number for a square, or [rows, columns].</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
[JsonConverter(typeof(GridSizeConverter))]
public readonly record struct GridSize(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="side">Rows and columns.</param>
    public static implicit operator GridSize(int side) => new(side, side);
}

/// <summary>Reads and writes <see cref="GridSize"/>.</summary>
internal sealed class GridSizeConverter : JsonConverter<GridSize>
{
    public override GridSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            var side = reader.GetInt32();
            return new GridSize(side, side);
        }

        return JsonSerializer.Deserialize<int[]>(ref reader, options) is [var height, var width]
            ? new GridSize(height, width)
            : throw new JsonException("sample_size must be one number or [rows, columns].");
    }

    public override void Write(Utf8JsonWriter writer, GridSize value, JsonSerializerOptions options)
    {
        if (value.Height == value.Width)
        {
            writer.WriteNumberValue(value.Height);
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(value.Height);
        writer.WriteNumberValue(value.Width);
        writer.WriteEndArray();
    }
}
