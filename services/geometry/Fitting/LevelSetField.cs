using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A signed distance on a grid that an optimiser changes, level beyond a band round its surface; a sphere at first.</summary>
/// <remarks>
/// <code>s = base + coarse + detail,   |s| at most the band's width b where the surface is far</code>
/// The coarse part is a <see cref="MultiScaleVolume"/>, whose steps move whole regions; detail is one number per grid vertex.
/// Since |s| is at most b, a few steps of the optimiser open a hole anywhere; so topology can change. The optimiser spoils the slope of 1 on which
/// the size of its steps depends; <see cref="Redistance"/> restores it without moving the surface. Sussman, Smereka and Osher 1994, "A level set approach
/// for computing solutions to incompressible two-phase flow", section 3, here by exact distances.
/// </remarks>
internal sealed class LevelSetField : IDisposable
{
    private const int Rings = 2;        // of edges round the crossed ones, in which distances are measured
    private const double LeastShare = 1e-3;     // of a cell: no vertex lies on the surface

    private readonly ISurfaceExtractor _extractor;
    private readonly MultiScaleVolume _coarse;
    private readonly Tensor _base;
    private readonly Tensor _floor;
    private readonly int[] _neighbours;     // [G, D], the vertex itself where it has fewer
    private readonly float[] _degrees;
    private readonly double _cell;
    private readonly float _band;

    /// <param name="extractor">The grid; the caller keeps it alive and disposes it.</param>
    /// <param name="coarse">The coarse part; the caller keeps it alive and disposes it.</param>
    /// <param name="config">Sphere, cells and band.</param>
    public LevelSetField(ISurfaceExtractor extractor, MultiScaleVolume coarse, MaskNormalFitConfig config)
    {
        using var scope = NewDisposeScope();
        (_extractor, _coarse, _cell, _band) = (extractor, coarse, config.Cell, (float)(config.Band * config.Cell));
        var places = extractor.Positions;
        var (start, floor) = (new float[places.Length / 3], new float[places.Length / 3]);
        for (var i = 0; i < start.Length; i++)
        {
            var (x, y, z) = (places[3 * i], places[(3 * i) + 1], places[(3 * i) + 2]);
            start[i] = (float)Math.Clamp(Math.Sqrt((x * x) + (y * y) + (z * z)) - config.Radius, -_band, _band);
            var reach = Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z)));
            floor[i] = reach > config.Half - (0.25 * _cell) ? (float)_cell : float.NegativeInfinity;     // the rim stays outside
        }

        _base = scope.Detach(tensor(start, device: coarse.Device));
        _floor = scope.Detach(tensor(floor, device: coarse.Device));
        Positions = scope.Detach(tensor(places, [start.Length, 3], device: coarse.Device));
        Detail = new Parameter(zeros_like(_base));
        (_neighbours, _degrees) = Neighbours(extractor.Edges, start.Length);
    }

    /// <summary>The fine part, [G].</summary>
    public Parameter Detail { get; }

    /// <summary>Positions of the grid's vertices, [G, 3].</summary>
    public Tensor Positions { get; }

    /// <summary>The field at the grid's vertices, metres, negative inside, [G].</summary>
    public Tensor Values()
    {
        using var scope = NewDisposeScope();
        return maximum(Free(), _floor).MoveToOuterDisposeScope();
    }

    /// <summary>Mean square of the umbrella Laplacian of the field at the ends of crossed edges, in cells.</summary>
    /// <param name="values">From <see cref="Values"/>.</param>
    /// <param name="crossed">Ends of the crossed edges, [X, 2].</param>
    public Tensor Roughness(Tensor values, int[] crossed)
    {
        using var scope = NewDisposeScope();
        var near = Near(crossed, 0);
        var (width, count) = (_neighbours.Length / _degrees.Length, near.Length);
        var around = new long[count * width];
        for (var i = 0; i < around.Length; i++)
        {
            around[i] = _neighbours[(near[i / width] * width) + (i % width)];
        }

        var here = values.index_select(0, tensor(Array.ConvertAll(near, vertex => (long)vertex), device: values.device)).unsqueeze(1);
        var apart = values.index_select(0, tensor(around, device: values.device)).reshape(count, width) - here;
        var degrees = tensor(Array.ConvertAll(near, vertex => _degrees[vertex]), device: values.device);
        return (apart.sum(1) / degrees / _cell).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Makes the field the distance to its own surface again, at most the band's width.</summary>
    public void Redistance()
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var free = Free();
        var values = maximum(free, _floor);
        var surface = _extractor.Extract(values, Positions, training: false);
        if (surface.FaceCount == 0)
        {
            return;
        }

        var fresh = Array.ConvertAll(values.cpu().data<float>().ToArray(), value => value > 0 ? _band : -_band);
        var near = Near(surface.Crossed, Rings);
        var distances = new SignedDistance(new TriangleMesh(surface.Vertices.cpu().data<float>().ToArray(), surface.Faces))
            .ToSurface([.. near.SelectMany(vertex => _extractor.Positions[(3 * vertex)..((3 * vertex) + 3)])]);
        for (var i = 0; i < near.Length; i++)
        {
            var distance = Math.Clamp(distances[i], (float)(LeastShare * _cell), _band);
            fresh[near[i]] = MathF.CopySign(distance, fresh[near[i]]);
        }

        _base.add_(tensor(fresh, device: free.device) - free);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tensor[] owned = [_base, _floor, Positions, Detail];
        Array.ForEach(owned, tensor => tensor.Dispose());
    }

    private Tensor Free()
    {
        using var scope = NewDisposeScope();
        return (_base + _coarse.At(Positions).squeeze(1) + Detail).MoveToOuterDisposeScope();
    }

    // The ends of crossed edges, and what lies up to some edges from them, in order.
    private int[] Near(int[] crossed, int rings)
    {
        var marks = new bool[_degrees.Length];
        Array.ForEach(crossed, vertex => marks[vertex] = true);
        for (var ring = 0; ring < rings; ring++)
        {
            var before = (bool[])marks.Clone();
            for (var e = 0; e < _extractor.Edges.Length; e += 2)
            {
                var (a, b) = (_extractor.Edges[e], _extractor.Edges[e + 1]);
                if (before[a] != before[b])
                {
                    (marks[a], marks[b]) = (true, true);
                }
            }
        }

        return [.. Enumerable.Range(0, marks.Length).Where(vertex => marks[vertex])];
    }

    private static (int[] Neighbours, float[] Degrees) Neighbours(int[] edges, int vertices)
    {
        var degrees = new int[vertices];
        Array.ForEach(edges, vertex => degrees[vertex]++);
        var (width, filled) = (degrees.Max(), new int[vertices]);
        var neighbours = new int[vertices * width];
        for (var i = 0; i < neighbours.Length; i++)
        {
            neighbours[i] = i / width;
        }

        for (var e = 0; e < edges.Length; e += 2)
        {
            var (a, b) = (edges[e], edges[e + 1]);
            neighbours[(a * width) + filled[a]++] = b;
            neighbours[(b * width) + filled[b]++] = a;
        }

        return (neighbours, Array.ConvertAll(degrees, degree => (float)degree));
    }
}
