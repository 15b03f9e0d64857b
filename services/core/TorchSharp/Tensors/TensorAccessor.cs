using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in row-major order, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _dense;
    private readonly T* _first;

    internal TensorAccessor(Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        _tensor = tensor;
        (_shape, _strides, _dense) = (tensor.shape, tensor.stride(), tensor.is_contiguous());
        Count = tensor.numel();
        _first = Count == 0 ? null : (T*)tensor.DataPointer();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get
        {
            var value = _first[Offset(indices)];
            GC.KeepAlive(_tensor);
            return value;
        }

        set
        {
            _first[Offset(indices)] = value;
            GC.KeepAlive(_tensor);
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        if (_dense)
        {
            new ReadOnlySpan<T>(_first + tensorIndex, checked((int)(Count - tensorIndex))).CopyTo(target);
        }
        else
        {
            for (var i = tensorIndex; i < Count; i++)
            {
                target[(int)(i - tensorIndex)] = _first[Strided(i)];
            }
        }

        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var count = Math.Min(source.Length, Count - tensorIndex);
        for (var i = 0; i < count; i++)
        {
            _first[_dense ? tensorIndex + i : Strided(tensorIndex + i)] = source[i];
        }

        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing to release: the tensor owns the memory.</summary>
    public void Dispose()
    {
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
        {
            return indices[0] >= 0 && indices[0] < Count ? _dense ? indices[0] : Strided(indices[0]) : throw new ArgumentOutOfRangeException(nameof(indices));
        }

        long offset = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(indices[i]);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(indices[i], _shape[i]);
            offset += indices[i] * _strides[i];
        }

        return offset;
    }

    private long Strided(long index)
    {
        long offset = 0;
        for (var axis = _shape.Length - 1; axis >= 0; axis--)
        {
            offset += index % _shape[axis] * _strides[axis];
            index /= _shape[axis];
        }

        return offset;
    }
}
