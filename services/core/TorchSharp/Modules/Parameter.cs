using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>A leaf tensor that a module trains.</summary>
    public sealed class Parameter : Tensor
    {
        public Parameter(Tensor data, bool requires_grad = true)
            : base(Leaf(data, requires_grad))
        {
            // Parameters live as long as their module.
            DetachFromDisposeScope();
        }

        private static nint Leaf(Tensor data, bool requires_grad)
        {
            using var leaf = data.detach();
            leaf.requires_grad = requires_grad;
            return leaf.Share();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
