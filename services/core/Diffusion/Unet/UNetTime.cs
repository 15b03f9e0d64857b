using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How a noise level becomes the waves that are embedded.</summary>
internal sealed class UNetTime
{
    /// <summary>Cosines and sines at fixed frequencies.</summary>
    public const string Positional = "positional";

    /// <summary>Cosines and sines at random frequencies that the checkpoint holds.</summary>
    public const string Fourier = "fourier";

    private readonly UNetConfig _config;
    private readonly FourierFrequencies? _frequencies;

    public UNetTime(UNetConfig config, Module owner)
    {
        _config = config;
        _frequencies = Layers.Owned(
            owner, "time_proj", config.TimeEmbeddingType == Fourier ? new FourierFrequencies(config.TimeWidth / 2) : null);
    }

    /// <summary>Width of the waves.</summary>
    public static int WidthOf(UNetConfig config) =>
        config.TimeEmbeddingType == Fourier ? config.TimeWidth : config.BlockOutChannels[0];

    /// <param name="level">Noise levels or other numbers, [N].</param>
    /// <returns>[N, width], in single precision.</returns>
    public Tensor Waves(Tensor level)
    {
        if (_frequencies is null)
        {
            return TimestepEmbedding.Waves(level, WidthOf(_config), _config.FlipSinToCos, _config.FreqShift);
        }

        using var scope = NewDisposeScope();
        var angle = _frequencies.call(level) * (2 * Math.PI);                                            // [N, half]
        var (cosines, sines) = (angle.cos(), angle.sin());
        return cat(_config.FlipSinToCos ? [cosines, sines] : [sines, cosines], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Random frequencies, drawn once, never trained.</summary>
    /// <remarks>Source: Song et al. 2021, arXiv:2011.13456, appendix C; Tancik et al. 2020, arXiv:2006.10739.</remarks>
    private sealed class FourierFrequencies : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;

        public FourierFrequencies(int count) : base(nameof(FourierFrequencies))
        {
            weight = Parameter(randn(count), requires_grad: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor level)
        {
            using var column = level.to(ScalarType.Float32).unsqueeze(-1);
            using var row = weight.to(ScalarType.Float32);
            return column * row;
        }
    }
}
