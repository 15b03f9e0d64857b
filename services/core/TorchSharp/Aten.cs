using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One argument of an ATen operator: converts from whatever the operator takes.</summary>
internal readonly struct Arg
{
    internal readonly Native.Kind Kind;
    internal readonly long Bits;
    internal readonly object? Object;

    private Arg(Native.Kind kind, long bits, object? payload = null)
    {
        Kind = payload is null && kind is not (Native.Kind.Int or Native.Kind.Double or Native.Kind.Bool or Native.Kind.Device)
            ? Native.Kind.None
            : kind;
        Bits = bits;
        Object = payload;
    }

    /// <summary>The absent optional argument.</summary>
    internal static Arg None => default;

    /// <summary>A list for indexing, in which null stands for a whole axis.</summary>
    internal static Arg Optional(Tensor?[] tensors) => new(Native.Kind.OptionalTensorList, 0, tensors);

    public static implicit operator Arg(Tensor? value) => new(Native.Kind.Tensor, 0, value);

    public static implicit operator Arg(Tensor[] value) => new(Native.Kind.TensorList, 0, value);

    public static implicit operator Arg(long value) => new(Native.Kind.Int, value);

    public static implicit operator Arg(long? value) => value is { } number ? number : None;

    public static implicit operator Arg(double value) => new(Native.Kind.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(double? value) => value is { } number ? number : None;

    public static implicit operator Arg(bool value) => new(Native.Kind.Bool, value ? 1 : 0);

    public static implicit operator Arg(long[]? value) => new(Native.Kind.IntList, 0, value);

    public static implicit operator Arg(double[]? value) => new(Native.Kind.DoubleList, 0, value);

    public static implicit operator Arg(ScalarType value) => new(Native.Kind.Int, (long)value);

    public static implicit operator Arg(ScalarType? value) => value is { } type ? type : None;

    public static implicit operator Arg(string? value) => new(Native.Kind.String, 0, value is null ? null : Encoding.UTF8.GetBytes(value));

    public static implicit operator Arg(Generator? value) => new(Native.Kind.Generator, 0, value);

    public static implicit operator Arg(Device? value) =>
        value is null ? None : new(Native.Kind.Device, ((long)value.type << 32) | (uint)value.index);

    public static implicit operator Arg(Scalar? value) => value is null ? None : value.Argument;
}

/// <summary>Calls ATen operators by name through the dispatcher's boxed convention.</summary>
internal static unsafe class Aten
{
    private const int MaxResults = 8;
    private static readonly ConcurrentDictionary<string, nint> s_handles = new(StringComparer.Ordinal);

    /// <summary>Whether this libtorch has the operator, as <c>name</c> or <c>name.overload</c>.</summary>
    internal static bool Has(string name) => Handle(name, required: false) != 0;

    /// <summary>Calls an operator that answers one tensor.</summary>
    internal static Tensor Call(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[MaxResults];
        Invoke(name, arguments, results);
        return new Tensor(results[0].Data);
    }

    /// <summary>Calls an operator that answers two tensors.</summary>
    internal static (Tensor, Tensor) Call2(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[MaxResults];
        Invoke(name, arguments, results);
        return (new Tensor(results[0].Data), new Tensor(results[1].Data));
    }

    /// <summary>Calls an operator that answers three tensors.</summary>
    internal static (Tensor, Tensor, Tensor) Call3(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[MaxResults];
        Invoke(name, arguments, results);
        return (new Tensor(results[0].Data), new Tensor(results[1].Data), new Tensor(results[2].Data));
    }

    /// <summary>Calls an operator that answers four tensors.</summary>
    internal static (Tensor, Tensor, Tensor, Tensor) Call4(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[MaxResults];
        Invoke(name, arguments, results);
        return (new Tensor(results[0].Data), new Tensor(results[1].Data), new Tensor(results[2].Data), new Tensor(results[3].Data));
    }

    /// <summary>Calls an operator that answers a list of tensors.</summary>
    internal static Tensor[] CallList(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[MaxResults];
        Invoke(name, arguments, results);
        var handles = (nint*)results[0].Data;
        var tensors = new Tensor[results[0].Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(handles[i]);
        }

        Native.FreeList(results[0].Data);
        return tensors;
    }

    /// <summary>Calls an operator that answers a number or a truth value.</summary>
    internal static Native.Value CallValue(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Native.Value[MaxResults];
        Invoke(name, arguments, results);
        return results[0];
    }

    private static nint Handle(string name, bool required)
    {
        if (!s_handles.TryGetValue(name, out var handle))
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var (bare, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
            handle = Native.Find("aten::" + bare, overload);
            s_handles[name] = handle;
        }

        return handle != 0 || !required
            ? handle
            : throw new System.Runtime.InteropServices.ExternalException($"This libtorch has no operator aten::{name}; install a newer libtorch.");
    }

    // Lists are laid out behind the arguments in one buffer, so that nothing has to be pinned.
    [SuppressMessage("Reliability", "CA2014", Justification = "One buffer per call, outside loops.")]
    private static void Invoke(string name, ReadOnlySpan<Arg> arguments, Native.Value* results)
    {
        var handle = Handle(name, required: true);
        var length = 0;
        foreach (ref readonly var argument in arguments)
        {
            length += argument.Object switch
            {
                long[] list => list.Length,
                double[] list => list.Length,
                Tensor?[] list => list.Length,
                byte[] text => (text.Length + 7) / 8,
                _ => 0,
            };
        }

        var values = stackalloc Native.Value[Math.Max(arguments.Length, 1)];
        var inline = stackalloc long[length <= 128 ? Math.Max(length, 1) : 1];
        fixed (long* heap = length <= 128 ? null : new long[length])
        {
            var next = heap is null ? inline : heap;
            for (var i = 0; i < arguments.Length; i++)
            {
                next = Write(in arguments[i], ref values[i], next);
            }

            var count = Native.Call(handle, values, arguments.Length, results, MaxResults);
            foreach (ref readonly var argument in arguments)
            {
                GC.KeepAlive(argument.Object);
            }

            if (count < 0)
            {
                throw Native.Failure();
            }
        }
    }

    private static long* Write(in Arg argument, ref Native.Value value, long* next)
    {
        value.Kind = argument.Kind;
        value.Integer = argument.Bits;
        switch (argument.Object)
        {
            case Tensor tensor:
                value.Data = tensor.Handle;
                return next;
            case Generator generator:
                value.Data = generator.Handle;
                return next;
            case long[] list:
                list.CopyTo(new Span<long>(next, list.Length));
                return List(ref value, next, list.Length, list.Length);
            case double[] list:
                list.CopyTo(new Span<double>(next, list.Length));
                return List(ref value, next, list.Length, list.Length);
            case byte[] text:
                text.CopyTo(new Span<byte>(next, text.Length));
                return List(ref value, next, text.Length, (text.Length + 7) / 8);
            case Tensor?[] list:
                for (var i = 0; i < list.Length; i++)
                {
                    next[i] = list[i]?.Handle ?? 0;
                }

                return List(ref value, next, list.Length, list.Length);
            default:
                if (argument.Kind == Native.Kind.Device)
                {
                    value.Count = (int)(argument.Bits >> 32);
                    value.Integer = (int)argument.Bits;
                }

                return next;
        }
    }

    private static long* List(ref Native.Value value, long* start, int count, int words)
    {
        value.Count = count;
        value.Data = (nint)start;
        return start + words;
    }
}
