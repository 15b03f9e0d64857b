using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Rays from eyes through image positions.</summary>
/// <param name="Origin">Eyes, each coordinate [N].</param>
/// <param name="Direction">Unit directions, each coordinate [N].</param>
/// <param name="Forward">Cosine between the ray and its view axis: depth = forward * distance, [N].</param>
internal readonly record struct Rays(Points Origin, Points Direction, Tensor Forward)
{
    public Rays Take(Tensor index) => new(Take(Origin, index), Take(Direction, index), Forward.index_select(0, index));

    public Points At(Tensor distance) => new(
        Origin.X + Direction.X * distance, Origin.Y + Direction.Y * distance, Origin.Z + Direction.Z * distance);

    public static Points Take(Points p, Tensor index) =>
        new(p.X.index_select(0, index), p.Y.index_select(0, index), p.Z.index_select(0, index));
}

/// <summary>The pixels of several square views and the rays through them.</summary>
internal sealed class ViewRays
{
    private readonly Tensor _axes;
    private readonly Tensor _halfExtents;
    private readonly Tensor _view;
    private readonly Tensor _column;
    private readonly Tensor _row;
    private readonly int _size;

    /// <param name="cameras">One per view.</param>
    /// <param name="size">Rows and columns of a view.</param>
    /// <param name="device">Where the rays live.</param>
    public ViewRays(IReadOnlyList<Camera> cameras, int size, Device device)
    {
        _size = size;
        var rows = cameras.Select(c =>
        {
            var (right, up, back) = c.Axes();
            return new[] { right, up, back, c.Position() }.SelectMany(v => v).Select(x => (float)x).ToArray();
        }).ToArray();
        var table = new float[12 * rows.Length];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = rows[i % rows.Length][i / rows.Length];
        }

        _axes = tensor(table, device: device).reshape(12, rows.Length);
        _halfExtents = tensor(cameras.Select(c => (float)c.HalfExtent).ToArray(), device: device);

        var steps = arange(size, device: device);
        _view = arange(rows.Length, device: device).reshape(-1, 1, 1).expand(rows.Length, size, size).reshape(-1);
        _row = steps.reshape(1, -1, 1).expand(rows.Length, size, size).reshape(-1).to(float32);
        _column = steps.reshape(1, 1, -1).expand(rows.Length, size, size).reshape(-1).to(float32);
    }

    /// <summary>Rays through all pixel centres, views first, then rows, then columns.</summary>
    public Rays Centres() => Through(_view, _column + 0.5, _row + 0.5);

    /// <summary>Rays through one inner position of some pixels.</summary>
    /// <param name="pixels">Indices in the order of <see cref="Centres"/>, [N].</param>
    /// <param name="across">Position in the pixel, 0 left to 1 right.</param>
    /// <param name="down">Position in the pixel, 0 top to 1 bottom.</param>
    public Rays Inside(Tensor pixels, double across, double down) => Through(
        _view.index_select(0, pixels), _column.index_select(0, pixels) + across, _row.index_select(0, pixels) + down);

    private Rays Through(Tensor view, Tensor column, Tensor row)
    {
        var a = Enumerable.Range(0, 12).Select(i => _axes.select(0, i).index_select(0, view)).ToArray();
        var half = _halfExtents.index_select(0, view);
        var x = (column * (2.0 / _size) - 1) * half;
        var y = (row * (-2.0 / _size) + 1) * half;
        var forward = (x * x + y * y + 1).rsqrt();
        var direction = new Points(
            (x * a[0] + y * a[3] - a[6]) * forward,
            (x * a[1] + y * a[4] - a[7]) * forward,
            (x * a[2] + y * a[5] - a[8]) * forward);
        return new Rays(new Points(a[9], a[10], a[11]), direction, forward);
    }
}
