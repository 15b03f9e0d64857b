using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function's forward pass leaves for its backward pass.</summary>
        public sealed class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private List<Tensor> _saved = [];

            internal AutogradContext()
            {
            }

            public void save_for_backward(List<Tensor> tensors) => _saved = [.. tensors.Select(tensor => tensor.alias().DetachFromDisposeScope())];

            /// <summary>Aliases of what was saved, in the current scope.</summary>
            public List<Tensor> get_saved_variables() => [.. _saved.Select(tensor => tensor.alias())];

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];

            public void Dispose()
            {
                _saved.ForEach(tensor => tensor.Dispose());
                _saved.Clear();
            }
        }

        public abstract class Function<T> where T : Function<T>, new()
        {
            public virtual string Name => typeof(T).Name;

            internal abstract List<Tensor> Forward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> Backward(AutogradContext ctx, List<Tensor> grads);

            protected static List<Tensor> apply_internal(params object[] vars)
            {
                var function = new T();
                var ctx = new AutogradContext();
                var kept = false;
                try
                {
                    List<Tensor> outputs;
                    using (no_grad())
                    {
                        outputs = function.Forward(ctx, vars);
                    }

                    Tensor[] inputs = [.. vars.OfType<Tensor>()];
                    if (is_grad_enabled() && inputs.Any(input => input.requires_grad))
                    {
                        // The engine wants one gradient per tensor among the arguments; backward answers one per argument.
                        var count = inputs.Length;
                        int[] places = [.. Enumerable.Range(0, vars.Length).Where(i => vars[i] is Tensor)];
                        CustomNodes.Attach(ctx, inputs, outputs, grads =>
                        {
                            var all = function.Backward(ctx, grads);
                            return all.Count == count ? all : [.. places.Select(place => all[place])];
                        });
                        kept = true;
                    }

                    return outputs;
                }
                finally
                {
                    // Without a graph nobody will ask for what the forward pass saved.
                    if (!kept)
                    {
                        ctx.Dispose();
                    }
                }
            }
        }

        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal override List<Tensor> Forward(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal override List<Tensor> Backward(AutogradContext ctx, List<Tensor> grads) => backward(ctx, grads[0]);
        }

        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal override List<Tensor> Forward(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal override List<Tensor> Backward(AutogradContext ctx, List<Tensor> grads) => backward(ctx, grads);
        }
    }
}

/// <summary>Managed backward passes that hang in libtorch's graph, found again by key.</summary>
internal static unsafe class CustomNodes
{
    private const string Failed = "managed failure ";

    private static readonly ConcurrentDictionary<long, (AutogradContext Context, Func<List<Tensor>, List<Tensor>> Backward)> s_nodes = new();
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> s_failures = new();
    private static long s_last;
    private static long s_lastFailure;

    internal static void Attach(AutogradContext context, Tensor[] inputs, List<Tensor> outputs, Func<List<Tensor>, List<Tensor>> backward)
    {
        var key = Interlocked.Increment(ref s_last);
        s_nodes[key] = (context, backward);
        var (starts, ends) = (Handles(inputs), Handles(outputs));
        fixed (nint* first = starts, last = ends)
        {
            Native.Check(Native.AttachNode(
                key,
                (nint)(delegate* unmanaged<long, nint*, int, nint*, int, long>)&Run,
                (nint)(delegate* unmanaged<long, void>)&Release,
                first, starts.Length, last, ends.Length));
        }

        GC.KeepAlive(inputs);
        GC.KeepAlive(outputs);
    }

    /// <summary>Throws what a managed backward pass threw rather than the engine's word that one failed.</summary>
    internal static void Check(int answer)
    {
        if (answer == 0)
        {
            // The engine hands on the words of the node that failed first, and they name the exception.
            var message = Native.Message();
            if (message?.LastIndexOf(Failed, StringComparison.Ordinal) is >= 0 and var at
                && long.TryParse(message.AsSpan(at + Failed.Length).Trim(), out var number)
                && s_failures.TryRemove(number, out var failure))
            {
                failure.Throw();
            }

            throw Native.Failure();
        }
    }

    [UnmanagedCallersOnly]
    private static long Run(long key, nint* grads, int gradCount, nint* results, int resultCount)
    {
        try
        {
            using var scope = NewDisposeScope();
            List<Tensor> given = [];
            for (var i = 0; i < gradCount; i++)
            {
                given.Add(grads[i] == 0 ? null! : new Tensor(grads[i]));
            }

            var found = s_nodes[key].Backward(given);
            for (var i = 0; i < Math.Min(resultCount, found.Count); i++)
            {
                // The engine takes the handle over; the managed tensor goes with the scope.
                results[i] = found[i] is { } grad ? grad.Share() : 0;
            }

            return 0;
        }
#pragma warning disable CA1031 // Nothing may unwind through native frames; the caller of backward() gets it from Check.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var number = Interlocked.Increment(ref s_lastFailure);
            s_failures[number] = ExceptionDispatchInfo.Capture(failure);
            return number;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(long key)
    {
        if (s_nodes.TryRemove(key, out var node))
        {
            node.Context.Dispose();
        }
    }
}
