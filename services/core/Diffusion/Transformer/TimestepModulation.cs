using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Holds the timestep embedder one level down, as the checkpoint's names want it.</summary>
internal sealed class CombinedEmbedding : Module<Tensor, Tensor>
{
    private readonly TimestepEmbedding timestep_embedder;

    public CombinedEmbedding(int width) : base(nameof(CombinedEmbedding))
    {
        timestep_embedder = new TimestepEmbedding(new(TimestepModulation.Frequencies, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor waves) => timestep_embedder.call(waves, null);

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
