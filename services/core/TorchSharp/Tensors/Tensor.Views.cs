namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor T => Aten.Call("numpy_T", this);

        public Tensor mT => Aten.Call("mT", this);

        public Tensor ravel() => Aten.Call("ravel", this);

        public Tensor swapaxes(long dim0, long dim1) => Aten.Call("swapaxes", this, dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => Aten.Call("swapdims", this, dim0, dim1);

        public Tensor moveaxis(long[] source, long[] destination) => Aten.Call("moveaxis.intlist", this, source, destination);

        public Tensor fliplr() => Aten.Call("fliplr", this);

        public Tensor flipud() => Aten.Call("flipud", this);

        public Tensor rot90(long k = 1, (long, long)? dims = null) => Aten.Call("rot90", this, k, dims is { } plane ? new[] { plane.Item1, plane.Item2 } : [0, 1]);

        public Tensor roll(long[] shifts) => Aten.Call("roll", this, shifts, Array.Empty<long>());

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Aten.Call("diag_embed", this, offset, dim1, dim2);

        public Tensor diagflat(long offset = 0) => Aten.Call("diagflat", this, offset);

        public Tensor tril_(long diagonal = 0) => Aten.Call("tril_", this, diagonal);

        public Tensor triu_(long diagonal = 0) => Aten.Call("triu_", this, diagonal);

        public Tensor squeeze_(long? dim = null) => dim is { } axis ? Aten.Call("squeeze_.dim", this, axis) : Aten.Call("squeeze_", this);

        public Tensor unsqueeze_(long dim) => Aten.Call("unsqueeze_", this, dim);

        public Tensor transpose_(long dim0, long dim1) => Aten.Call("transpose_", this, dim0, dim1);

        public Tensor channel_shuffle(long groups) => Aten.Call("channel_shuffle", this, groups);

        public Tensor[] tensor_split(long size, long dim = 0) => Aten.CallList("tensor_split.sections", this, size, dim);

        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Aten.CallList("tensor_split.indices", this, sizes, dim);
    }
}
