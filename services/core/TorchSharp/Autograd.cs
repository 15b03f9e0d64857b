namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => Native.GradEnabled() != 0;

    public static IDisposable no_grad() => new GradientMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradientMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradientMode(mode);

    public static bool is_inference_mode_enabled() => Native.InferenceEnabled() != 0;

    /// <summary>Until disposed, on this thread: no graph, and tensors that can never enter one.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static partial class autograd
    {
        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var (outputs, seeds, leaves) = (Handles(tensors), Handles(grad_tensors), Handles(inputs));
            fixed (nint* first = outputs, grads = seeds, ends = leaves)
            {
                CustomNodes.Check(Native.Backward(first, outputs.Length, grad_tensors is null ? null : grads, (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0, ends, leaves.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>Gradients of the outputs with respect to the inputs; an entry is null where an input was not used and that is allowed.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var (ends, starts, seeds) = (Handles(outputs), Handles(inputs), Handles(grad_outputs));
            var found = new nint[starts.Length];
            fixed (nint* first = ends, last = starts, grads = seeds, results = found)
            {
                CustomNodes.Check(Native.Grad(first, ends.Length, last, starts.Length, grad_outputs is null ? null : grads, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, results));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. found.Select(handle => handle == 0 ? null! : new Tensor(handle))];
        }

        internal static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor?.Handle ?? 0)];
    }

    private sealed class GradientMode : IDisposable
    {
        private readonly int _before = Native.GradEnabled();

        public GradientMode(bool enabled) => Native.SetGradEnabled(enabled ? 1 : 0);

        public void Dispose() => Native.SetGradEnabled(_before);
    }

    private sealed class InferenceMode(bool mode) : IDisposable
    {
        private nint _mode = Native.InferenceEnter(mode ? 1 : 0);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _mode, 0) is not 0 and var entered)
            {
                Native.InferenceLeave(entered);
            }
        }
    }
}
