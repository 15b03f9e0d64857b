using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

// On the CPU: factories without a device make CPU tensors.
internal static partial class OperationTable
{
    private static Dense Filled(double value, ScalarType type, params int[] shape) => Dense.Of(shape, _ => value, type);

    private static IEnumerable<Operation> Factories() =>
    [
        .. Constant(0, () => zeros(2), () => zeros(2, 3), () => zeros(2, 3, 1), () => zeros(2, 3, 1, 2), () => zeros([2, 3, 1, 2])),
        .. Constant(1, () => ones(2), () => ones(2, 3), () => ones(2, 3, 1), () => ones(2, 3, 1, 2), () => ones([2, 3, 1, 2])),
        .. Constant(2.5, () => full(2, 2.5), () => full(2, 3, 2.5), () => full(2, 3, 1, 2.5), () => full(2, 3, 1, 2, 2.5), () => full([2, 3, 1, 2], 2.5)),
        Row.Of(s_table, x => x.Map(_ => 0), x => zeros_like(x)).Flat(),
        Row.Of(s_table, x => x.Map(_ => 1), x => ones_like(x)).Flat(),
        Row.Of(s_table, x => x.Map(_ => 2.5), x => full_like(x, 2.5)).Flat(),
        Row.Of(s_table, x => x.Map(_ => 1, ScalarType.Int64), x => ones_like(x, ScalarType.Int64)).Flat(),
        Row.Made(Dense.Of([2, 3], i => i[0] == i[1] ? 1 : 0, ScalarType.Float32), () => eye(2, 3)),
        Row.Made(Dense.Whole([4], 0, 1, 2, 3), () => arange(4), () => arange(0, 4), () => arange(0, 4, 1)),
        Row.Made(new Dense([3], [1, 1.5, 2], ScalarType.Float32), () => arange(1.0, 2.5, 0.5), () => linspace(1, 2, 3)),
        Row.Made(new Dense([3], [1, 10, 100]), () => logspace(0, 2, 3, dtype: ScalarType.Float64)),
        Row.Made(Dense.Of([5], i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i[0] / 5))), () => hann_window(5, dtype: ScalarType.Float64)),
        Row.Made(Dense.Whole([2, 3], 1, 2, 2, 0, 0, 1), () => tril_indices(3, 3, -1)),
        Row.Made(Dense.Whole([2, 3], 0, 0, 1, 1, 2, 2), () => triu_indices(3, 3, 1)),
        .. Literals(),
    ];

    private static IEnumerable<Operation> Constant(double value, Func<Tensor> one, Func<Tensor> two, Func<Tensor> three, Func<Tensor> four, Func<Tensor> any) =>
    [
        Row.Made(Filled(value, ScalarType.Float32, 2), one),
        Row.Made(Filled(value, ScalarType.Float32, 2, 3), two),
        Row.Made(Filled(value, ScalarType.Float32, 2, 3, 1), three),
        Row.Made(Filled(value, ScalarType.Float32, 2, 3, 1, 2), four, any),
    ];

    private static IEnumerable<Operation> Literals() =>
    [
        Row.Made(Filled(1, ScalarType.Bool), () => tensor(true), () => true),
        Row.Made(Filled(7, ScalarType.Byte), () => tensor((byte)7), () => (byte)7),
        Row.Made(Filled(7, ScalarType.Int16), () => tensor((short)7), () => (short)7),
        Row.Made(Filled(7, ScalarType.Int32), () => tensor(7), () => 7),
        Row.Made(Filled(7, ScalarType.Int64), () => tensor(7L), () => 7L, () => (Scalar)7L),
        Row.Made(Filled(7, ScalarType.Float32), () => tensor(7f), () => 7f),
        Row.Made(Filled(7, ScalarType.Float64), () => tensor(7.0), () => 7.0),
        Row.Made(Dense.Mask([2], 1, 0), () => tensor(new[] { true, false }), () => tensor(new[] { true, false }, [2])),
        Row.Made(new Dense([2], [7, 8], ScalarType.Byte), () => tensor(new byte[] { 7, 8 }), () => tensor(new byte[] { 7, 8 }, [2])),
        Row.Made(new Dense([2], [7, -8], ScalarType.Int16), () => tensor(new short[] { 7, -8 }), () => tensor(new short[] { 7, -8 }, [2])),
        Row.Made(new Dense([2], [7, -8], ScalarType.Int32), () => tensor(new[] { 7, -8 }), () => tensor(new[] { 7, -8 }, [2])),
        Row.Made(new Dense([2], [7, -8], ScalarType.Int64), () => tensor(new[] { 7L, -8 }), () => tensor(new[] { 7L, -8 }, [2])),
        Row.Made(new Dense([2], [7, -8], ScalarType.Float16), () => tensor(new[] { (Half)7, (Half)(-8) }), () => tensor(new[] { (Half)7, (Half)(-8) }, [2])),
        Row.Made(new Dense([2], [7, -8], ScalarType.Float32), () => tensor(new[] { 7f, -8 }), () => tensor(new[] { 7f, -8 }, [2])),
        Row.Made(new Dense([2], [7, -8]), () => tensor(new[] { 7.0, -8 }), () => tensor(new[] { 7.0, -8 }, [2])),
        Row.Made(new Dense([2, 2], [1, 2, 3, 4], ScalarType.Float32), () => tensor(new float[,] { { 1, 2 }, { 3, 4 } })),
        Row.Made(new Dense([2, 2], [1, 2, 3, 4]), () => tensor(new double[,] { { 1, 2 }, { 3, 4 } })),
        Row.Made(new Dense([2, 2], [1, 2, 3, 4], ScalarType.Int64), () => tensor(new long[,] { { 1, 2 }, { 3, 4 } })),
        Row.Made(new Dense([2, 2], [1, 2, 3, 4], ScalarType.Int32), () => tensor(new int[,] { { 1, 2 }, { 3, 4 } })),
    ];

    private static IEnumerable<Operation> Conversions() =>
    [
        Row.Of(s_table, x => x, x => x.to(ScalarType.Float64), x => x.to(ScalarType.Float64, CPU), x => x.to(CPU), x => x.to("cpu"), x => x.to(DeviceType.CPU), x => x.to(empty(1, ScalarType.Float64)),
            x => x.to_type(ScalarType.Float64), x => x.type(ScalarType.Float64), x => x.type_as(empty(1, ScalarType.Float64)), x => x.@double(), x => x.cpu()),
        Row.Of(Dense.Whole([3], 0, 2, 5), x => x.As(ScalarType.Float32), x => x.@float()).Flat(),
        Row.Of(Dense.Whole([3], 0, 2, 5), x => x.As(ScalarType.Float16), x => x.half()).Flat(),
        Row.Of(new Dense([3], [0, 2.7, -5.7]), _ => new Dense([3], [0, 2, -5], ScalarType.Int32), x => x.@int()).Flat(),
        Row.Of(new Dense([3], [0, 2.7, -5.7]), _ => new Dense([3], [0, 2, -5], ScalarType.Int64), x => x.@long()).Flat(),
        Row.Of(new Dense([3], [0, 2.7, 5]), _ => new Dense([3], [0, 2, 5], ScalarType.Byte), x => x.@byte()).Flat(),
        Row.Of(new Dense([3], [0, 2.7, -5]), _ => Dense.Mask([3], 0, 1, 1), x => x.@bool()).Flat(),
        Row.Of(s_table, _ => Dense.Scalar(8, ScalarType.Int64), x => tensor(x.numel()), x => x.numel()).Flat(),
        Row.Of(Dense.Whole([3], 0, 2, 1), x => Dense.Of([3, 4], i => x[i[0]] == i[1] ? 1 : 0, ScalarType.Int64), x => F.one_hot(x, 4)).Flat(),
    ];
}
