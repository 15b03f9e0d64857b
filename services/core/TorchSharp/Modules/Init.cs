using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            public static Tensor zeros_(Tensor tensor) => Unrecorded(tensor.zero_);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor constant_(Tensor tensor, Scalar val) => Unrecorded(() => tensor.fill_(val));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Unrecorded(() => tensor.normal_(mean, std, generator));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Unrecorded(() => tensor.uniform_(low, high, generator));

            /// <summary>Normal numbers in [a, b], by the inverse of the distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null) => Unrecorded(() =>
            {
                using var bounds = torch.tensor(new[] { (a - mean) / std, (b - mean) / std }).mul(Math.Sqrt(0.5)).erf();
                var limits = bounds.data<double>();
                tensor.uniform_(limits[0], limits[1], generator).Dispose();
                Aten.Call("erfinv_", tensor).Dispose();
                tensor.mul_(std * Math.Sqrt(2)).Dispose();
                tensor.add_(mean).Dispose();
                return tensor.clamp_(a, b);
            });

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = Fans(tensor);
                var bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = Fans(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            private static (long In, long Out) Fans(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException("Fan in and fan out want a tensor of two dimensions or more.");
                }

                var field = shape.Skip(2).Aggregate(1L, (product, extent) => product * extent);
                return (shape[1] * field, shape[0] * field);
            }

            private static Tensor Unrecorded(Func<Tensor> body)
            {
                using var mode = no_grad();
                return body();
            }
        }

        public static class utils
        {
            /// <summary>Scales all gradients so that their joint norm is at most <paramref name="max_norm"/>; answers the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var mode = no_grad();
                List<Tensor> grads = [.. tensors.Select(tensor => tensor.grad).OfType<Tensor>()];
                if (grads.Count == 0)
                {
                    return 0;
                }

                var norms = stack(grads.Select(grad => linalg.vector_norm(grad, norm_type)));
                var total = linalg.vector_norm(norms, norm_type).ToDouble();
                var scale = max_norm / (total + 1e-6);
                if (scale < 1)
                {
                    grads.ForEach(grad => grad.mul_(scale));
                }

                return total;
            }
        }
    }
}
