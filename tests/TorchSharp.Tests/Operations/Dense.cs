using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

/// <summary>A plain row-major array of doubles: what formulas and brute force work on.</summary>
internal sealed class Dense(int[] shape, double[] values, ScalarType type = ScalarType.Float64)
{
    private const double Golden = 0.6180339887498949;

    public int[] Shape { get; } = shape;

    public double[] Values { get; } = values;

    public ScalarType Type { get; } = type;

    public int Count => Values.Length;

    public double this[params int[] index] => Values[Flat(index)];

    /// <summary>Distinct numbers between two bounds, the same in each run: multiples of the golden ratio modulo one.</summary>
    public static Dense Real(double low, double high, params int[] shape)
    {
        var values = new double[Size(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = low + ((high - low) * (((i + 1) * Golden) % 1));
        }

        return new Dense(shape, values);
    }

    public static Dense Whole(int[] shape, params double[] values) => new(shape, values, ScalarType.Int64);

    public static Dense Mask(int[] shape, params int[] values) => new(shape, [.. values.Select(v => (double)v)], ScalarType.Bool);

    public static Dense Scalar(double value, ScalarType type = ScalarType.Float64) => new([], [value], type);

    /// <summary>An array by a function of the index.</summary>
    public static Dense Of(int[] shape, Func<int[], double> at, ScalarType type = ScalarType.Float64)
    {
        var values = new double[Size(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = at(Index(i, shape));
        }

        return new Dense(shape, values, type);
    }

    public Dense Map(Func<double, double> f, ScalarType? type = null) => new(Shape, [.. Values.Select(f)], type ?? Type);

    public Dense Zip(Dense other, Func<double, double, double> f, ScalarType? type = null) =>
        new(Shape, [.. Values.Zip(other.Values, f)], type ?? Type);

    public Dense Shaped(params int[] shape) => new(shape, Values, Type);

    public Dense As(ScalarType type) => new(Shape, Values, type);

    /// <summary>One number for each line along an axis.</summary>
    public Dense Along(int axis, Func<double[], double> f, bool keep = false, ScalarType? type = null)
    {
        int[] kept = [.. Shape.Select((extent, i) => i == axis ? 1 : extent)];
        var reduced = Of(kept, index => f(Line(index, axis)), type ?? Type);
        return keep ? reduced : reduced.Shaped([.. Shape.Where((_, i) => i != axis)]);
    }

    /// <summary>A line of the same length for each line along an axis.</summary>
    public Dense Lines(int axis, Func<double[], double[]> f, ScalarType? type = null) =>
        Of(Shape, index => f(Line(index, axis))[index[axis]], type ?? Type);

    public Tensor ToTensor(bool requiresGrad = false)
    {
        using var wide = tensor(Values, [.. Shape.Select(extent => (long)extent)], device: TestDevice.Here);
        var made = wide.to(Type, copy: true);
        made.requires_grad = requiresGrad;
        return made;
    }

    public Dense With(int place, double value)
    {
        var changed = (double[])Values.Clone();
        changed[place] = value;
        return new Dense(Shape, changed, Type);
    }

    private static int Size(int[] shape) => shape.Aggregate(1, (product, extent) => product * extent);

    private static int[] Index(int flat, int[] shape)
    {
        var index = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            (flat, index[axis]) = Math.DivRem(flat, shape[axis]);
        }

        return index;
    }

    private double[] Line(int[] through, int axis) => [.. Enumerable.Range(0, Shape[axis]).Select(i =>
    {
        int[] index = [.. through];
        index[axis] = i;
        return this[index];
    })];

    private int Flat(int[] index)
    {
        var flat = 0;
        for (var axis = 0; axis < Shape.Length; axis++)
        {
            if (index[axis] < 0 || index[axis] >= Shape[axis])
            {
                throw new ArgumentOutOfRangeException(nameof(index));
            }

            flat = (flat * Shape[axis]) + index[axis];
        }

        return flat;
    }
}
