using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Form of a <see cref="TimestepEmbedding"/>.</summary>
/// <param name="Inputs">Width of the input.</param>
/// <param name="Width">Width of the output, D.</param>
/// <param name="Activation">Activation between the layers.</param>
/// <param name="PostActivation">Activation after them; null for none.</param>
/// <param name="ConditionWidth">Width of a condition that is added to the input; null for none.</param>
internal sealed record TimestepEmbeddingConfig(
    int Inputs, int Width, string Activation = "silu", string? PostActivation = null, int? ConditionWidth = null);

/// <summary>Two linear layers on a timestep's cosines and sines.</summary>
internal sealed class TimestepEmbedding : Module<Tensor, Tensor?, Tensor>
{
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Func<Tensor, Tensor>? _postActivation;
    private readonly Linear linear_1;
    private readonly Linear? cond_proj;
    private readonly Linear linear_2;

    public TimestepEmbedding(TimestepEmbeddingConfig config) : base(nameof(TimestepEmbedding))
    {
        _activation = Activations.Named(config.Activation);
        _postActivation = config.PostActivation is { } post ? Activations.Named(post) : null;
        linear_1 = Linear(config.Inputs, config.Width);
        cond_proj = config.ConditionWidth is { } width ? Linear(width, config.Inputs, hasBias: false) : null;
        linear_2 = Linear(config.Width, config.Width);
        RegisterComponents();
    }

    /// <param name="waves">[N, inputs].</param>
    /// <param name="condition">[N, condition width], or null.</param>
    /// <returns>[N, D].</returns>
    public override Tensor forward(Tensor waves, Tensor? condition)
    {
        using var scope = NewDisposeScope();

        var x = condition is null || cond_proj is null ? waves : waves + cond_proj.call(condition);     // [N, inputs]
        x = linear_2.call(_activation(linear_1.call(x)));                                               // [N, D]
        return (_postActivation?.Invoke(x) ?? x).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator)
    {
        Initialisation.Normal(linear_1, 0.02, generator);
        Initialisation.Normal(linear_2, 0.02, generator);
    }

    /// <summary>Cosines and sines of a timestep at falling frequencies, always in single precision.</summary>
    /// <remarks>
    /// f_k = 10000^(-k/(half - shift)); a zero fills an odd width. Source: Ho et al. 2020, arXiv:2006.11239, published code.
    /// </remarks>
    /// <param name="timestep">[N], whole or fractional.</param>
    /// <param name="width">Frequencies times two.</param>
    /// <param name="cosinesFirst">Whether the cosines stand before the sines.</param>
    /// <param name="shift">Moves the frequencies.</param>
    /// <returns>[N, width].</returns>
    public static Tensor Waves(Tensor timestep, int width, bool cosinesFirst = true, double shift = 0)
    {
        using var scope = NewDisposeScope();

        var half = width / 2;
        var k = arange(half, dtype: ScalarType.Float32, device: timestep.device);
        var frequency = (k * -Math.Log(10000) / (half - shift)).exp();                              // [half]
        var angle = timestep.to(ScalarType.Float32).unsqueeze(-1) * frequency.unsqueeze(0);         // [N, half]
        var waves = cosinesFirst ? cat([angle.cos(), angle.sin()], -1) : cat([angle.sin(), angle.cos()], -1);
        return (width % 2 == 0 ? waves : functional.pad(waves, (0, 1))).MoveToOuterDisposeScope();
    }
}
