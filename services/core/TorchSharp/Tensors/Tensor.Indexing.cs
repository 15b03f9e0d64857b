namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices).Dispose();
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices).Dispose();
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => this[TensorIndex.Single(i1)] = value;
        }

        public Tensor this[long i1, long i2]
        {
            get => this[TensorIndex.Single(i1), TensorIndex.Single(i2)];
            set => this[TensorIndex.Single(i1), TensorIndex.Single(i2)] = value;
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => this[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3)];
            set => this[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3)] = value;
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => this[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4)];
            set => this[TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3), TensorIndex.Single(i4)] = value;
        }

        public Tensor index(params Tensor[] indices) => Aten.Call("index.Tensor", this, Arg.Optional(indices));

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, lists) = View(indices);
            var result = lists is null ? view : Aten.Call("index.Tensor", view, Arg.Optional(lists));
            return (ReferenceEquals(result, this) ? alias() : result).MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Aten.Call("index_put_", this, Arg.Optional(indices), value, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Aten.Call("index_put_", this, Arg.Optional(indices), value, accumulate);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, lists) = View(indices);
            _ = lists is null ? view.copy_(value) : Aten.Call("index_put_", view, Arg.Optional(lists), value, false);
            return alias().MoveToOuterDisposeScope();
        }

        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.Call("index_add", this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.Call("index_add_", this, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.Call("index_copy_", this, dim, index, source);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Aten.Call("index_fill_.int_Scalar", this, dim, index, value);

        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Call("scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.Call("scatter_.src", this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Call("scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.Call("scatter_add_", this, dim, index, src);

        public Tensor take(Tensor index) => Aten.Call("take", this, index);

        public Tensor take_along_dim(Tensor indices, long dim) => Aten.Call("take_along_dim", this, indices, dim);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.Call("masked_fill_.Scalar", this, mask, value);

        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.Call("masked_scatter", this, mask, value);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            using var up = device_type == DeviceType.CUDA ? source.Uploadable() : null;
            using var down = device_type == DeviceType.CPU && !is_pinned() ? source.Downloaded() : null;
            return Aten.Call("copy_", this, up ?? down ?? source, nonBlocking);
        }

        public Tensor set_(Tensor source) => Aten.Call("set_.source_Tensor", this, source);

        public Tensor fill_(Scalar value) => Aten.Call("fill_.Scalar", this, value);

        // Integers, slices and new axes become views; what is left for index.Tensor are the tensors, axis by axis.
        private (Tensor View, Tensor?[]? Lists) View(TensorIndex[] indices)
        {
            var view = this;
            List<Tensor?> lists = [];
            var axis = 0;
            foreach (var index in indices)
            {
                if (index.IsEllipsis)
                {
                    var rest = indices.Count(i => i.TakesAxis);
                    var skipped = (int)ndim - rest;
                    lists.AddRange(Enumerable.Repeat<Tensor?>(null, skipped));
                    axis += skipped;
                    continue;
                }

                view = index.Apply(view, axis, out var list, out var advances);
                if (advances)
                {
                    lists.Add(list);
                    axis++;
                }
            }

            return (view, lists.Any(list => list is not null) ? [.. lists] : null);
        }
    }

    /// <summary>One entry between the brackets: an integer, a slice, a mask or list, a new axis, or the ellipsis.</summary>
    public readonly struct TensorIndex
    {
        private readonly Kind _kind;
        private readonly long? _start;
        private readonly long? _stop;
        private readonly long? _step;
        private readonly Tensor? _tensor;

        private TensorIndex(Kind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null) =>
            (_kind, _start, _stop, _step, _tensor) = (kind, start, stop, step, tensor);

        private enum Kind
        {
            Slice,
            Single,
            Null,
            Ellipsis,
            Tensor,
        }

        public static TensorIndex Ellipsis { get; } = new(Kind.Ellipsis);

        public static TensorIndex None { get; } = new(Kind.Null);

        public static TensorIndex Null { get; } = new(Kind.Null);

        public static TensorIndex Colon { get; } = new(Kind.Slice);

        internal bool IsEllipsis => _kind == Kind.Ellipsis;

        internal bool TakesAxis => _kind is Kind.Slice or Kind.Single or Kind.Tensor;

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step);

        public static TensorIndex Single(long? index) => new(Kind.Single, index);

        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, tensor: tensor);

        internal Tensor Apply(Tensor view, int axis, out Tensor? list, out bool advances)
        {
            list = _tensor;
            advances = _kind is Kind.Slice or Kind.Tensor or Kind.Null;
            return _kind switch
            {
                Kind.Single => view.select(axis, _start!.Value),
                Kind.Null => view.unsqueeze(axis),
                Kind.Slice when _start is null && _stop is null && _step is null => view,
                Kind.Slice => Aten.Call("slice.Tensor", view, (long)axis, _start, _stop, _step ?? 1),
                _ => view,
            };
        }
    }
}
