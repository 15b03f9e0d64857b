using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Attention of several heads with its projections: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2. Batches lie in the second axis.</summary>
    public sealed class MultiheadAttention : Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor?>>
    {
        private readonly long _heads;
        private readonly double _dropout;
        private readonly bool _zero;
        private readonly Parameter[] _weights;
        private readonly Parameter? _bias;
        private readonly (Parameter Key, Parameter Value)? _more;
        private readonly Linear _out;

        internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long kdim, long vdim)
            : base(nameof(MultiheadAttention))
        {
            (_heads, _dropout, _zero) = (num_heads, dropout, add_zero_attn);
            if (embedded_dim % num_heads != 0)
            {
                throw new ArgumentException($"{embedded_dim} features cannot be split among {num_heads} heads.");
            }

            _weights = kdim == embedded_dim && vdim == embedded_dim
                ? [Drawn("in_proj_weight", 3 * embedded_dim, embedded_dim)]
                : [Drawn("q_proj_weight", embedded_dim, embedded_dim), Drawn("k_proj_weight", embedded_dim, kdim), Drawn("v_proj_weight", embedded_dim, vdim)];
            _out = Linear(embedded_dim, embedded_dim, bias);
            register_module("out_proj", _out);
            if (bias)
            {
                _bias = Initial.Parameter(zeros(3 * embedded_dim));
                register_parameter("in_proj_bias", _bias);
                init.zeros_(_out.bias!).Dispose();
            }

            if (add_bias_kv)
            {
                _more = (Initial.Parameter(empty(1, 1, embedded_dim)), Initial.Parameter(empty(1, 1, embedded_dim)));
                init.xavier_normal_(_more.Value.Key).Dispose();
                init.xavier_normal_(_more.Value.Value).Dispose();
                register_parameter("bias_k", _more.Value.Key);
                register_parameter("bias_v", _more.Value.Value);
            }
        }

        /// <summary>
        /// Queries [L, N, E] look at keys [S, N, K] and get of the values [S, N, V]. Masks are true, or minus infinity, where nobody looks:
        /// [N, S] for keys, [L, S] or [N heads, L, S] for pairs. Answers [L, N, E], and the heads' mean weights [N, L, S] if they are wanted.
        /// </summary>
        public override Tuple<Tensor, Tensor?> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
        {
            using var scope = NewDisposeScope();
            var (length, batch, width, seen) = (query.shape[0], query.shape[1], query.shape[2], key.shape[0]);
            var weights = _weights.Length == 3 ? _weights : _weights[0].chunk(3, 0);
            var biases = _bias?.chunk(3, 0);
            var q = functional.linear(query, weights[0], biases?[0]) / Math.Sqrt(width / _heads);
            var k = functional.linear(key, weights[1], biases?[1]);
            var v = functional.linear(value, weights[2], biases?[2]);
            if (_more is { } more)
            {
                (k, v) = (cat([k, more.Key.expand(1, batch, width)]), cat([v, more.Value.expand(1, batch, width)]));
            }

            if (_zero)
            {
                var nothing = zeros([1, batch, width], k.dtype, k.device);
                (k, v) = (cat([k, nothing]), cat([v, nothing]));
            }

            var scores = Split(q).matmul(Split(k).transpose(-2, -1));                       // [N, heads, L, S]
            if (attn_mask is not null)
            {
                var pairs = Hidden(attn_mask, scores, k.shape[0] - seen);
                scores += pairs.ndim == 3 ? pairs.view(batch, _heads, length, -1) : pairs;
            }

            if (key_padding_mask is not null)
            {
                scores += Hidden(key_padding_mask, scores, k.shape[0] - seen).unsqueeze(1).unsqueeze(1);
            }

            var looks = functional.dropout(scores.softmax(-1), _dropout, training);
            var mixed = looks.matmul(Split(v)).permute(2, 0, 1, 3).reshape(length, batch, width);
            return Tuple.Create(
                _out.call(mixed).MoveToOuterDisposeScope(), need_weights ? looks.mean([1]).MoveToOuterDisposeScope() : null);
        }

        public new Tuple<Tensor, Tensor?> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

        // [L, N, E] to [N, heads, L, E / heads].
        private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).permute(1, 2, 0, 3);

        // What is added to the scores; what the layer itself adds to the keys is seen by all.
        private static Tensor Hidden(Tensor mask, Tensor scores, long added)
        {
            var hidden = mask.dtype == ScalarType.Bool
                ? zeros(mask.shape, scores.dtype, scores.device).masked_fill(mask, double.NegativeInfinity)
                : mask;
            return functional.pad(hidden, [0, added]);
        }

        private Parameter Drawn(string name, long rows, long columns)
        {
            var weight = Initial.Parameter(empty(rows, columns));
            init.xavier_uniform_(weight).Dispose();
            register_parameter(name, weight);
            return weight;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
                new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim ?? embedded_dim, vdim ?? embedded_dim);
        }
    }
}
