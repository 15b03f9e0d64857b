using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Fits a shape to views by differentiable rendering.</summary>
/// <remarks>
/// Each step: 1. The field's surface, by marching tetrahedra. 2. Its masks, with analytic antialiasing, against the views'
/// coverage: outlines pull and push the field. 3. Its colours, albedo (a function of space, learned along) times the known
/// studio light on its normals, antialiased too where one part hides another, against the views' colours: shading, pattern
/// and what hides what tell what outlines cannot. 4. Smoothness of displacement and albedo, and little surface: the hull
/// bulges where two views' cones meet, and against a bulge of the right colour only its area speaks. 5. One step of Adam.
/// After Shen et al. 2021 (arXiv:2111.04276) and Munkberg et al. 2022 (arXiv:2111.12503), with a known light and with a
/// hull to start from.
/// </remarks>
internal sealed class ShapeFit : IDisposable
{
    private readonly ShapeFitConfig _config;
    private readonly FitTargets _targets;
    private readonly VisualHull _hull;
    private readonly MultiScaleVolume _displacement;
    private readonly MultiScaleVolume _albedo;
    private readonly OptimizerHelper _shapeOptimizer;
    private readonly OptimizerHelper _albedoOptimizer;
    private ShapeField _field;
    private OptimizerHelper? _detailOptimizer;
    private readonly int _side;

    /// <param name="targets">The views; the caller keeps them alive and disposes them.</param>
    /// <param name="config">How to fit.</param>
    public ShapeFit(FitTargets targets, ShapeFitConfig config)
    {
        (_config, _targets) = (config, targets);
        _side = targets.Size * config.Supersampling;
        _hull = new VisualHull(targets.Cameras, targets.Masks, config.Rounding);
        _displacement = new MultiScaleVolume(1, config.DisplacementResolutions, config.Half, targets.Device);
        _albedo = new MultiScaleVolume(3, config.AlbedoResolutions, config.Half, targets.Device);
        SetMeanAlbedo();
        _shapeOptimizer = optim.Adam([.. _displacement.Levels], config.ShapeRate);
        _albedoOptimizer = optim.Adam([.. _albedo.Levels], config.AlbedoRate);
        _field = new ShapeField(_hull, config.CoarseSteps > 0 ? config.CoarseCells : config.Cells, config.Half, _displacement);
    }

    /// <summary>Takes one step.</summary>
    /// <param name="step">Number of the step.</param>
    /// <returns>The two errors before the step, masks and colours.</returns>
    public (float Mask, float Colour) Step(int step)
    {
        using var scope = NewDisposeScope();
        Prepare(step);

        // 1. The surface.
        var values = _field.Values();
        var topology = MarchingTopology.Of(_field.Grid, values.cpu().data<float>().ToArray());
        if (topology.FaceCount == 0)
        {
            throw new EmptyShapeException();
        }

        var vertices = MarchingTetrahedra.Vertices(topology, values, _field.Positions);     // [P, 3]
        var clip = MeshOps.ToClip(vertices, _targets.Cameras);                              // [V, P, 4]
        var corners = clip.cpu().data<float>().ToArray();
        var buffer = ZBuffer.Draw(corners, _targets.Cameras.Count, topology.Faces, _side, _side);

        // 2. and 3. Masks and colours.
        var faces = tensor(topology.Faces, [topology.FaceCount, 3], device: vertices.device).to_type(ScalarType.Int64);
        var crossings = SilhouetteCrossings.Find(buffer, corners, topology.Faces, FaceAdjacency.Of(topology.Faces));
        var shown = Show(buffer, clip, crossings, vertices, topology.Faces, faces);         // [V, 4, H, W]
        var (mask, colour) = (MaskError(shown), ColourError(shown));

        // 4. Smoothness and area.
        var smooth = step < _config.CoarseSteps ? _config.RoughnessWeight : _config.FineRoughnessWeight;
        var rough = _field.Roughness(values) * smooth + _albedo.Variation() * _config.AlbedoWeight;
        var left = 1 - (double)step / _config.Steps;
        var area = MeshOps.Area(vertices, faces) * (_config.AreaWeight * left * left + _config.AreaFloor);

        // 5. One step.
        (mask + colour * _config.ColourWeight + rough + area).backward();
        _shapeOptimizer.step();
        _albedoOptimizer.step();
        _detailOptimizer?.step();
        return (mask.item<float>(), colour.item<float>());
    }

    /// <summary>The surface as it stands, mended: no floating bits, no cavities, no triangle without area.</summary>
    public TriangleMesh Extract()
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var values = _field.Values().cpu().data<float>().ToArray();
        FieldRepair.RemoveFloatersAndCavities(_field.Grid.Edges, values, _config.SmallestPiece);
        FieldRepair.PushFromVertices(_field.Grid.Edges, values, _config.SmallestCrossing);
        var topology = MarchingTopology.Of(_field.Grid, values);
        if (topology.FaceCount == 0)
        {
            throw new EmptyShapeException();
        }

        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values, device: _targets.Device), _field.Positions);
        return new TriangleMesh(vertices.cpu().data<float>().ToArray(), topology.Faces);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shapeOptimizer.Dispose();
        _albedoOptimizer.Dispose();
        _detailOptimizer?.Dispose();
        _field.Dispose();
        _displacement.Dispose();
        _albedo.Dispose();
    }

    // Changes to the fine grid when its time has come, and lets the steps shrink.
    private void Prepare(int step)
    {
        if (step >= _config.CoarseSteps && _detailOptimizer is null)
        {
            _field.Dispose();
            _field = new ShapeField(_hull, _config.Cells, _config.Half, _displacement);
            _detailOptimizer = optim.Adam([_field.Detail], _config.DetailRate);
        }

        var rest = 1 - 0.9 * step / Math.Max(1, _config.Steps);
        foreach (var group in _shapeOptimizer.ParamGroups)
        {
            group.LearningRate = _config.ShapeRate * rest;
        }

        _shapeOptimizer.zero_grad();
        _albedoOptimizer.zero_grad();
        _detailOptimizer?.zero_grad();
    }

    // The surface as the cameras see it: linear RGB times coverage, and coverage. Gradients go to the albedo, through the light
    // to the normals, through each sample's place on its triangle to the vertices (where a pattern lies at different depths for
    // two views, the surface moves), and through the edges of what hides something else: a bulge that stands before a part of
    // another colour shrinks.
    private Tensor Show(
        ZBuffer buffer, Tensor clip, SilhouetteCrossings crossings, Tensor vertices, int[] triangles, Tensor faces)
    {
        var light = StudioLight.Irradiance(MeshOps.VertexNormals(vertices, faces), 1);      // [P, 1]
        var shaded = _albedo.At(vertices) * light;                                          // [P, 3]
        var fragments = Fragments.Of(buffer, clip, triangles);
        var seen = cat([fragments.Interpolate(shaded), ones(fragments.Count, 1, device: vertices.device)], 1);       // [N, 4]
        var samples = zeros(buffer.Triangles.Length, 4, device: vertices.device).index_copy(0, fragments.Pixels, seen);
        var smooth = Antialiasing.Blend(samples, clip, crossings, _side, _side).reshape(_targets.Cameras.Count, _side, _side, 4);
        return nn.functional.avg_pool2d(smooth.permute(0, 3, 1, 2), _config.Supersampling);
    }

    // Squared difference of coverage, per covered pixel.
    private Tensor MaskError(Tensor shown) =>
        (shown.narrow(1, 3, 1) - _targets.Alpha).square().sum() / _targets.Alpha.sum();

    // Length of the colour difference, a mean over the pixels that lie wholly inside their masks.
    private Tensor ColourError(Tensor shown)
    {
        var colours = shown.narrow(1, 0, 3).permute(0, 2, 3, 1).reshape(-1, 3);
        var error = ((colours - _targets.Colour) * _targets.Opacity).square().sum(1);
        return (error + 1e-6).sqrt().sum() / (_targets.Opacity.sum() + 1);
    }

    // The views' mean colour under mean light.
    private void SetMeanAlbedo()
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var mean = (_targets.Colour * _targets.Opacity).sum(dim: 0) / (_targets.Opacity.sum() + 1) / StudioLight.Mean;
        _albedo.Levels[0].add_(mean.reshape(1, 3, 1, 1, 1));
    }
}
