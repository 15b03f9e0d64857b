using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Takes members out of glTF's JSON; what is missing or of another type is a <see cref="JsonException"/> that names the member.</summary>
internal static class GlbJson
{
    /// <summary>A member; null without.</summary>
    public static JsonElement? Maybe(this JsonElement parent, string name) =>
        parent.ValueKind != JsonValueKind.Object ? throw new JsonException($"an object with \"{name}\" is expected where a {parent.ValueKind} stands")
        : parent.TryGetProperty(name, out var value) ? value : null;

    /// <summary>A member that must be there.</summary>
    public static JsonElement Need(this JsonElement parent, string name) =>
        parent.Maybe(name) ?? throw new JsonException($"\"{name}\" is missing");

    /// <summary>A whole number; without <paramref name="missing"/> it must be there.</summary>
    public static long Whole(this JsonElement parent, string name, long? missing = null) =>
        parent.Maybe(name) is { } value ? AsWhole(value, name) : missing ?? throw new JsonException($"\"{name}\" is missing");

    /// <summary>A whole number that can be an index; without <paramref name="missing"/> it must be there.</summary>
    public static int Index(this JsonElement parent, string name, int? missing = null) => AsIndex(parent.Whole(name, missing), name);

    /// <summary>A member that is true or false.</summary>
    public static bool Flag(this JsonElement parent, string name) => parent.Maybe(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or null => false,
        _ => throw new JsonException($"\"{name}\" must be true or false"),
    };

    /// <summary>A text that must be there.</summary>
    public static string Text(this JsonElement parent, string name) => AsText(parent.Need(name), name);

    /// <summary>The elements of a list; none without the member.</summary>
    public static JsonElement[] List(this JsonElement parent, string name) => parent.Maybe(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        _ => throw new JsonException($"\"{name}\" must be a list"),
    };

    /// <summary>A list of texts.</summary>
    public static string[] Texts(this JsonElement parent, string name) => Array.ConvertAll(parent.List(name), item => AsText(item, name));

    /// <summary>A list of indices.</summary>
    public static int[] Indices(this JsonElement parent, string name) => Array.ConvertAll(parent.List(name), item => AsIndex(AsWhole(item, name), name));

    /// <summary>A list of so many finite numbers, or the number itself where one is wanted; null without the member.</summary>
    public static float[]? Floats(this JsonElement parent, string name, int count)
    {
        if (parent.Maybe(name) is not { } json)
        {
            return null;
        }

        float[] numbers = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(Single)] : [Single(json)];
        return numbers.Length == count && Array.TrueForAll(numbers, float.IsFinite)
            ? numbers
            : throw new JsonException($"\"{name}\" must be {(count == 1 ? "a finite number" : $"{count} finite numbers")}");
    }

    private static float Single(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) ? number : float.NaN;

    private static long AsWhole(JsonElement value, string name) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
        ? number
        : throw new JsonException($"\"{name}\" must be a whole number");

    private static int AsIndex(long value, string name) =>
        value is >= 0 and <= int.MaxValue ? (int)value : throw new JsonException($"\"{name}\" is {value}, and no index");

    private static string AsText(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new JsonException($"\"{name}\" must be a text");
}
