namespace Realiz3D.Mesh.Shaping;

/// <summary>How a shape is fitted to views.</summary>
internal sealed record ShapeFitConfig
{
    /// <summary>Cells along each side of the BCC grid at first, while the shape finds its form.</summary>
    public int CoarseCells { get; init; } = 24;

    /// <summary>Cells along each side of the BCC grid at the end.</summary>
    public int Cells { get; init; } = 36;

    /// <summary>Steps on the coarse grid.</summary>
    public int CoarseSteps { get; init; } = 80;

    /// <summary>Half the side of the grid's cube; objects lie within 0.5 of the origin.</summary>
    public double Half { get; init; } = 0.52;

    /// <summary>Steps on the fine grid.</summary>
    public int FineSteps { get; init; } = 60;

    /// <summary>Steps of the optimiser in all.</summary>
    public int Steps => CoarseSteps + FineSteps;

    /// <summary>Samples per pixel, each way, of the rendered masks.</summary>
    public int Supersampling { get; init; } = 2;

    /// <summary>Softness of the initial hull's creases, as a share of the mask's half width.</summary>
    public double Rounding { get; init; } = 0.15;

    /// <summary>Grids of the displacement, samples along each side.</summary>
    public IReadOnlyList<int> DisplacementResolutions { get; init; } = [7, 13, 25];

    /// <summary>Grids of the albedo, samples along each side.</summary>
    public IReadOnlyList<int> AlbedoResolutions { get; init; } = [5, 9, 17, 33];

    /// <summary>Weight of the colours against the masks. Where they weigh as much, thin parts are lost: arms, propellers.</summary>
    public double ColourWeight { get; init; } = 0.6;

    /// <summary>Weight of the displacement's roughness on the coarse grid.</summary>
    public double RoughnessWeight { get; init; } = 1;

    /// <summary>Weight of the displacement's roughness on the fine grid.</summary>
    public double FineRoughnessWeight { get; init; } = 1;

    /// <summary>
    /// Weight of the surface's area, per square metre, at the first step; it falls with the square of the steps that are left.
    /// The least surface that the views allow has no bulges where no view looks.
    /// </summary>
    public double AreaWeight { get; init; } = 0.3;

    /// <summary>What is added to <see cref="AreaWeight"/> at every step, the last included.</summary>
    public double AreaFloor { get; init; }

    /// <summary>Weight of the albedo's variation. Low, and the albedo explains the shading away that should bend the surface.</summary>
    public double AlbedoWeight { get; init; } = 3;

    /// <summary>Adam's first step for the displacement, metres; it falls linearly to a tenth.</summary>
    public double ShapeRate { get; init; } = 2e-3;

    /// <summary>Adam's step for the detail of the fine grid, metres.</summary>
    public double DetailRate { get; init; } = 2e-3;

    /// <summary>Adam's step for the albedo.</summary>
    public double AlbedoRate { get; init; } = 0.02;

    /// <summary>Pieces of the shape smaller than this share of the largest are dropped; an arm by itself is larger.</summary>
    public double SmallestPiece { get; init; } = 0.003;

    /// <summary>Crossings keep this share of their edge from its ends, so that no triangle is without area.</summary>
    public double SmallestCrossing { get; init; } = 0.05;

    /// <summary>
    /// These settings for views that a model has painted. Such views agree with each other to about a pixel: what the fine grid
    /// could follow further is their disagreement, ragged rims and tunnels, so there smoothness and little surface count.
    /// </summary>
    public ShapeFitConfig ForPaintedViews() => this with { FineRoughnessWeight = 20, AreaFloor = 0.03, DetailRate = 5e-4 };
}
