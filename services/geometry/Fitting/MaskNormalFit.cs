using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Fits a shape to masks and normals by differentiable rendering, from a sphere and through any topology.</summary>
/// <remarks>
/// Each step: 1. The surface of the field. 2. Its coverage c and its normals n, antialiased, against the views' (C, N), over all pixels:
/// <code>mask = sum (c - C)^2 / sum C,   normal = sum |c n - C N| / sum C</code>
/// 3. The masks in space: a grid vertex that a mask shows at least d outside must have a value of d or the band's width b, whichever is less.
/// That is what opens holes: where there is no surface there is no gradient from pictures.
/// <code>carve = sum max(0, min(d, b) - s)</code>
/// 4. Little roughness, few sign changes, at first little surface: what no view shows shall be simple. 5. One step of Adam; smaller ones as
/// time goes. After Shen et al. 2021 (arXiv:2111.04276) and Munkberg et al. 2022 (arXiv:2111.12503), with a field that is kept a distance.
/// </remarks>
internal sealed class MaskNormalFit : IDisposable
{
    private readonly MaskNormalFitConfig _config;
    private readonly MaskNormalTargets _targets;
    private readonly ISurfaceExtractor _extractor;
    private readonly MultiScaleVolume _coarse;
    private readonly LevelSetField _field;
    private readonly Tensor _least;
    private readonly bool _excluded;
    private readonly List<(OptimizerHelper Optimizer, double Rate)> _optimizers = [];

    /// <param name="targets">The views; the caller keeps them alive and disposes them.</param>
    /// <param name="config">How to fit.</param>
    public MaskNormalFit(MaskNormalTargets targets, MaskNormalFitConfig config)
    {
        (_config, _targets) = (config, targets);
        _extractor = config.Surface == SurfaceKind.FlexiCubes
            ? new CubeExtractor(CubeGrid.Create(config.Cells, config.Cells, config.Cells, config.Half), targets.Device)
            : new TetrahedralExtractor(BccGrid.Create(config.Cells, config.Half));
        _coarse = new MultiScaleVolume(1, config.Resolutions, config.Half, targets.Device);
        _field = new LevelSetField(_extractor, _coarse, config);

        using var scope = NewDisposeScope();
        var (least, band) = (targets.LeastDistances(_extractor.Positions), (float)(config.Band * config.Cell));
        _excluded = Array.TrueForAll(least, d => d > 0);
        _least = scope.Detach(tensor(Array.ConvertAll(least, d => d > 0 ? Math.Min(d, band) : float.NegativeInfinity), device: targets.Device));

        // Second moments are short: a vertex's gradient is 0 until the surface comes by.
        Add([_field.Detail], config.DetailRate * config.Cell);
        Add(_coarse.Levels, config.CoarseRate * config.Cell);
        Add(_extractor.Weights, config.WeightRate);

        void Add(IReadOnlyList<Parameter> parameters, double rate)
        {
            if (parameters.Count > 0)
            {
                _optimizers.Add((optim.Adam(parameters, rate, beta1: 0.8, beta2: 0.95), rate));
            }
        }
    }

    /// <summary>Takes one step.</summary>
    /// <param name="step">Number of the step.</param>
    /// <returns>The errors before the step.</returns>
    /// <exception cref="EmptyShapeException">The masks leave no place for a shape, or it has gone out of all views.</exception>
    public (float Mask, float Normal) Step(int step)
    {
        using var scope = NewDisposeScope();
        Prepare(step);

        // 1. The surface.
        var values = _field.Values();
        var surface = _extractor.Extract(values, _field.Positions, training: true);
        if (_excluded || surface.FaceCount == 0)
        {
            throw new EmptyShapeException();
        }

        // 2. The pictures.
        var faces = tensor(surface.Faces, [surface.FaceCount, 3], device: values.device).to_type(ScalarType.Int64);
        var shown = Show(surface, faces);                                                               // [V * S * S, 4]
        var covered = _targets.Coverage.sum();
        var mask = (shown.narrow(1, 3, 1) - _targets.Coverage).square().sum() / covered;
        var off = (shown.narrow(1, 0, 3) - _targets.Normals).square().sum(1);
        var normal = ((off + 1e-6).sqrt() - 1e-3).sum() / covered;

        // 3. and 4. What the masks exclude, and simplicity.
        var carve = (_least - values).clamp_min(0).sum();
        var crossed = tensor(surface.Crossed, [surface.Crossed.Length / 2, 2], device: values.device).to_type(ScalarType.Int64);
        var signs = FieldRegularisers.SignChanges(values / _config.Cell, crossed);
        var done = (double)step / _config.Steps;
        var loss = mask + (normal * _config.NormalWeight) + (carve * _config.CarveWeight)
            + (_field.Roughness(values, surface.Crossed) * _config.RoughnessWeight)
            + (signs * _config.SignWeight * Math.Max(0.05, 1 - (3.8 * done)))
            + (MeshOps.Area(surface.Vertices, faces) * _config.AreaWeight * (1 - done) * (1 - done));
        if (surface.Irregularity is { } irregularity)
        {
            loss += irregularity * _config.IrregularityWeight;
        }

        // 5. One step.
        loss.backward();
        foreach (var (optimizer, _) in _optimizers)
        {
            optimizer.step();
        }

        return (mask.item<float>(), normal.item<float>());
    }

    /// <summary>The surface as it stands, mended: no floating bits, no cavities, no triangle without area.</summary>
    public TriangleMesh Extract()
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var values = _field.Values().cpu().data<float>().ToArray();
        FieldRepair.RemoveFloatersAndCavities(_extractor.Edges, values, _config.SmallestPiece);
        FieldRepair.PushFromVertices(_extractor.Edges, values, _config.SmallestCrossing);
        var surface = _extractor.Extract(tensor(values, device: _targets.Device), _field.Positions, training: false);
        return surface.FaceCount > 0
            ? new TriangleMesh(surface.Vertices.cpu().data<float>().ToArray(), surface.Faces)
            : throw new EmptyShapeException();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizers.ForEach(pair => pair.Optimizer.Dispose());
        _field.Dispose();
        _coarse.Dispose();
        _extractor.Dispose();
        _least.Dispose();
    }

    private void Prepare(int step)
    {
        var done = (double)step / _config.Steps;
        if (done >= _config.CarveShare && done < _config.RedistanceShare && step % _config.RedistanceEvery == 0)
        {
            _field.Redistance();
        }

        for (var i = 0; i < _optimizers.Count; i++)
        {
            var (optimizer, rate) = _optimizers[i];
            var waits = i > 0 && done < _config.CarveShare;         // only the detail moves at first
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = waits ? 0 : rate * Math.Pow(_config.LastRate, done);
            }

            optimizer.zero_grad();
        }
    }

    // Normals times coverage, and coverage, as the cameras see the surface.
    private Tensor Show(ExtractedSurface surface, Tensor faces)
    {
        using var scope = NewDisposeScope();
        var (views, size) = (_targets.Cameras.Count, _targets.Size);
        var clip = MeshOps.ToClip(surface.Vertices, _targets.Cameras);                                  // [V, P, 4]
        var corners = clip.cpu().data<float>().ToArray();
        var buffer = ZBuffer.Draw(corners, views, surface.Faces, size, size);
        var crossings = SilhouetteCrossings.Find(buffer, corners, surface.Faces, FaceAdjacency.Of(surface.Faces));
        var fragments = Fragments.Of(buffer, clip, surface.Faces);
        if (fragments.Count == 0)
        {
            throw new EmptyShapeException();
        }

        var normals = Vectors.Normalize(fragments.Interpolate(MeshOps.VertexNormals(surface.Vertices, faces)));
        var seen = cat([normals, ones(fragments.Count, 1, device: normals.device)], 1);                                         // [N, 4]
        var pixels = zeros(views * size * size, 4, device: normals.device).index_copy(0, fragments.Pixels, seen);
        return Antialiasing.Blend(pixels, clip, crossings, size, size).MoveToOuterDisposeScope();
    }
}
