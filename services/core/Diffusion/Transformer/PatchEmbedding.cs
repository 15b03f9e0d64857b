using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Cuts a latent into patches, one token each, and adds their positions.</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly TransformerConfig _config;
    private readonly Conv2d proj;
    private readonly Dictionary<(GridSize Patches, string Device, ScalarType Type), Tensor> _tables = [];

    public PatchEmbedding(TransformerConfig config) : base(nameof(PatchEmbedding))
    {
        _config = config;
        proj = Conv2d(config.InChannels, config.Width, kernel_size: config.PatchSize, stride: config.PatchSize);
        RegisterComponents();
    }

    /// <param name="latent">[N, C, H, W].</param>
    /// <returns>[N, H/p * W/p, D].</returns>
    public override Tensor forward(Tensor latent)
    {
        using var scope = NewDisposeScope();
        var patches = proj.call(latent);                                                        // [N, D, H/p, W/p]
        var grid = new GridSize((int)patches.shape[2], (int)patches.shape[3]);
        return (patches.flatten(2).transpose(1, 2) + Positions(grid, patches)).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator) => Initialisation.Glorot(proj.weight, proj.bias, generator);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var table in _tables.Values)
            {
                table.Dispose();
            }

            _tables.Clear();
        }

        base.Dispose(disposing);
    }

    /// <summary>Tables are computed once per grid and device; they are no weights and stay out of checkpoints.</summary>
    /// <returns>[1, rows * columns, D].</returns>
    private Tensor Positions(GridSize grid, Tensor like)
    {
        var key = (grid, like.device.ToString(), like.dtype);
        lock (_tables)
        {
            if (!_tables.TryGetValue(key, out var table))
            {
                var (p, size) = (_config.PatchSize, _config.SampleSize);
                var values = PositionTable.Build(
                    _config.Width,
                    grid,
                    new GridSize(size.Height / p, size.Width / p),
                    _config.EffectiveInterpolationScale);
                table = tensor(values, [1, (long)grid.Height * grid.Width, _config.Width])
                    .to(like.dtype).to(like.device).DetachFromDisposeScope();
                _tables.Add(key, table);
            }

            return table;
        }
    }
}
