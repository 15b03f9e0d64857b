using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Two linear layers on a timestep's cosines and sines.</summary>
internal sealed class TimestepEmbedding : Module<Tensor, Tensor>
{
    private readonly Linear linear_1;
    private readonly Linear linear_2;

    public TimestepEmbedding(int frequencies, int width) : base(nameof(TimestepEmbedding))
    {
        linear_1 = Linear(frequencies, width);
        linear_2 = Linear(width, width);
        RegisterComponents();
    }

    /// <param name="waves">[N, frequencies].</param>
    /// <returns>[N, D].</returns>
    public override Tensor forward(Tensor waves)
    {
        using var scope = NewDisposeScope();
        return linear_2.call(functional.silu(linear_1.call(waves))).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator)
    {
        Initialisation.Normal(linear_1, 0.02, generator);
        Initialisation.Normal(linear_2, 0.02, generator);
    }

    /// <summary>Cosines, then sines, of a timestep at falling frequencies, always in single precision.</summary>
    /// <remarks>f_k = 10000^(-k/half). Source: Ho et al. 2020, arXiv:2006.11239, published code, halves swapped.</remarks>
    /// <param name="timestep">[N], whole or fractional.</param>
    /// <param name="width">Frequencies times two.</param>
    /// <returns>[N, width].</returns>
    public static Tensor Waves(Tensor timestep, int width)
    {
        using var scope = NewDisposeScope();

        var half = width / 2;
        var k = arange(half, dtype: ScalarType.Float32, device: timestep.device);
        var frequency = (k * (-Math.Log(10000) / half)).exp();                                      // [half]
        var angle = timestep.to(ScalarType.Float32).unsqueeze(-1) * frequency.unsqueeze(0);         // [N, half]
        return cat([angle.cos(), angle.sin()], -1).MoveToOuterDisposeScope();
    }
}

/// <summary>Holds the timestep embedder one level down, as the checkpoint's names want it.</summary>
internal sealed class CombinedEmbedding : Module<Tensor, Tensor>
{
    private readonly TimestepEmbedding timestep_embedder;

    public CombinedEmbedding(int width) : base(nameof(CombinedEmbedding))
    {
        timestep_embedder = new TimestepEmbedding(TimestepModulation.Frequencies, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor waves) => timestep_embedder.call(waves);

    public void Initialise(Generator generator) => timestep_embedder.Initialise(generator);
}

/// <summary>Turns the timestep into shifts, scales and gates, once for all blocks: adaptive norm "single".</summary>
/// <remarks>Source: Chen et al. 2023 (PixArt-alpha), arXiv:2310.00426, section 2.3.</remarks>
internal sealed class TimestepModulation : Module<Tensor, (Tensor Modulation, Tensor Embedded)>
{
    /// <summary>Width of the cosines and sines.</summary>
    internal const int Frequencies = 256;

    private readonly CombinedEmbedding emb;
    private readonly Linear linear;

    public TimestepModulation(int width) : base(nameof(TimestepModulation))
    {
        emb = new CombinedEmbedding(width);
        linear = Linear(width, 6 * width);
        RegisterComponents();
    }

    /// <param name="timestep">[N].</param>
    /// <returns>Modulation [N, 6, D] and embedded timestep [N, D].</returns>
    public override (Tensor Modulation, Tensor Embedded) forward(Tensor timestep)
    {
        using var scope = NewDisposeScope();

        var waves = TimestepEmbedding.Waves(timestep, Frequencies).to(linear.weight.dtype);     // [N, 256]
        var embedded = emb.call(waves);                                                         // [N, D]
        var modulation = linear.call(functional.silu(embedded));                                // [N, 6D]
        return scope.MoveToOuter(modulation.view(modulation.shape[0], 6, -1), embedded);
    }

    public void Initialise(Generator generator)
    {
        emb.Initialise(generator);
        Initialisation.Normal(linear, 0.02, generator);
    }
}
