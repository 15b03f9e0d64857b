using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A setting that a configuration gives once for all levels of a network, or as a list with an entry for each.</summary>
/// <typeparam name="T">Type of the setting.</typeparam>
[JsonConverter(typeof(PerLevelConverter))]
public sealed class PerLevel<T>
{
    private readonly T[] _values;

    private PerLevel(T[] values, bool isList) => (_values, IsList) = (values, isList);

    /// <summary>Whether it was given as a list.</summary>
    public bool IsList { get; }

    /// <summary>The entries of the list, or the one value.</summary>
    public IReadOnlyList<T> Values => _values;

    /// <summary>The setting of a level.</summary>
    /// <param name="level">Level, from 0.</param>
    public T this[int level] => IsList ? _values[level] : _values[0];

    /// <summary>The same value for all levels.</summary>
    /// <param name="value">Value.</param>
    public static implicit operator PerLevel<T>(T value) => new([value], isList: false);

    /// <summary>A value for each level.</summary>
    /// <param name="values">Values.</param>
    public static implicit operator PerLevel<T>(T[] values) => new(values, isList: true);

    /// <summary>Whether every level of a network has its setting.</summary>
    /// <param name="levels">Number of levels.</param>
    /// <returns>True for one value, and for a list of that length.</returns>
    public bool Covers(int levels) => !IsList || _values.Length == levels;
}

/// <summary>Reads and writes <see cref="PerLevel{T}"/>: a value or a list of values.</summary>
internal sealed class PerLevelConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<PerLevel<T>>
    {
        public override PerLevel<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return Value(ref reader, options);
            }

            var values = new List<T>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                values.Add(Value(ref reader, options));
            }

            return values.ToArray();
        }

        public override void Write(Utf8JsonWriter writer, PerLevel<T> value, JsonSerializerOptions options)
        {
            if (value.IsList)
            {
                JsonSerializer.Serialize(writer, value.Values, options);
            }
            else
            {
                JsonSerializer.Serialize(writer, value[0], options);
            }
        }

        private static T Value(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null
                ? throw new JsonException()   // the serializer adds the key
                : JsonSerializer.Deserialize<T>(ref reader, options)!;
    }
}
