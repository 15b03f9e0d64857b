using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>The elements of a contiguous CPU tensor as memory, in place.</summary>
/// <remarks>
/// Owns the tensor it was given. Disposing it ends the tensor, and whoever reads afterwards gets an
/// <see cref="ObjectDisposedException"/> and not memory that was freed. It must be disposed, and not while somebody reads:
/// spans into native memory keep nobody alive.
/// </remarks>
internal sealed unsafe class TensorMemory : MemoryManager<byte>
{
    private readonly byte* _first;
    private readonly int _length;
    private Tensor? _tensor;

    /// <param name="tensor">Contiguous and on the CPU. Owned from here on, and by no scope.</param>
    public TensorMemory(Tensor tensor)
    {
        var bytes = tensor.bytes;
        _first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)); // native memory does not move
        _length = bytes.Length;
        _tensor = tensor;
    }

    /// <summary>Hands the tensor on; this memory is at its end.</summary>
    public Tensor Release() =>
        Interlocked.Exchange(ref _tensor, null) ?? throw new ObjectDisposedException(nameof(TensorMemory));

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_tensor is null, this);
        return new Span<byte>(_first, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_tensor is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        return new MemoryHandle(_first + elementIndex, pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Native memory stays where it is.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Interlocked.Exchange(ref _tensor, null)?.Dispose();
        }
    }
}
