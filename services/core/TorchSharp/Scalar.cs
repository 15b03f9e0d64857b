using static TorchSharp.torch;

namespace TorchSharp;

public sealed class Scalar : IDisposable
{
    private readonly double _real;
    private readonly long _integer;

    private Scalar(ScalarType type, double real, long integer) => (Type, _real, _integer) = (type, real, integer);

    public ScalarType Type { get; }

    internal Arg Argument => Type switch
    {
        ScalarType.Bool => _integer != 0,
        ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 => _real,
        _ => _integer,
    };

    internal double AsDouble => Type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 ? _real : _integer;

    internal long AsInt64 => Type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 ? (long)_real : _integer;

    public static implicit operator Scalar(byte value) => new(ScalarType.Byte, 0, value);

    public static implicit operator Scalar(sbyte value) => new(ScalarType.Int8, 0, value);

    public static implicit operator Scalar(short value) => new(ScalarType.Int16, 0, value);

    public static implicit operator Scalar(int value) => new(ScalarType.Int32, 0, value);

    public static implicit operator Scalar(long value) => new(ScalarType.Int64, 0, value);

    public static implicit operator Scalar(Half value) => new(ScalarType.Float16, (double)value, 0);

    public static implicit operator Scalar(float value) => new(ScalarType.Float32, value, 0);

    public static implicit operator Scalar(double value) => new(ScalarType.Float64, value, 0);

    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, 0, value ? 1 : 0);

    /// <summary>Nothing to release: the value lives in managed memory.</summary>
    public void Dispose()
    {
    }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble;

    public static double ToDouble(this Scalar value) => value.AsDouble;

    public static int ToInt32(this Scalar value) => (int)value.AsInt64;

    public static long ToInt64(this Scalar value) => value.AsInt64;

    public static byte ToByte(this Scalar value) => (byte)value.AsInt64;

    public static bool ToBoolean(this Scalar value) => value.AsInt64 != 0;
}
