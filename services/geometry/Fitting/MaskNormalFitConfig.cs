namespace Realiz3D.Mesh.Shaping;

/// <summary>How a surface is taken from a field while it is fitted.</summary>
internal enum SurfaceKind
{
    /// <summary>Marching tetrahedra on a BCC grid.</summary>
    MarchingTetrahedra,

    /// <summary>FlexiCubes on a grid of cubes.</summary>
    FlexiCubes,
}

/// <summary>How a shape is fitted to masks and normals. Lengths in cells, so that they hold for any grid.</summary>
internal sealed record MaskNormalFitConfig
{
    /// <summary>How the surface is taken.</summary>
    public SurfaceKind Surface { get; init; } = SurfaceKind.MarchingTetrahedra;

    /// <summary>Cells along each side of the grid, R.</summary>
    public int Cells { get; init; } = 48;

    /// <summary>Half the side of the grid's cube, metres; objects lie within 0.5 of the origin.</summary>
    public double Half { get; init; } = 0.52;

    /// <summary>Radius of the sphere to start from, metres.</summary>
    public double Radius { get; init; } = 0.48;

    /// <summary>Steps of the optimiser.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>
    /// Share of the steps in which masks open what they show to be empty: the field is not made a distance, which would take back what is half
    /// open, and its coarse grids wait.
    /// </summary>
    public double CarveShare { get; init; } = 0.15;

    /// <summary>Share of the steps until which the field is made a distance again and again.</summary>
    public double RedistanceShare { get; init; } = 0.85;

    /// <summary>Steps between two times that the field is made a distance.</summary>
    public int RedistanceEvery { get; init; } = 10;

    /// <summary>Farther than this from the surface the field is level, cells.</summary>
    public double Band { get; init; } = 3;

    /// <summary>Coarse grids of the field, samples along each side.</summary>
    public IReadOnlyList<int> Resolutions { get; init; } = [7, 13, 25];

    /// <summary>Adam's step for the coarse grids, cells.</summary>
    public double CoarseRate { get; init; } = 0.05;

    /// <summary>Adam's step for the values at the grid's vertices, cells.</summary>
    public double DetailRate { get; init; } = 0.2;

    /// <summary>Adam's step for the extractor's own weights.</summary>
    public double WeightRate { get; init; } = 0.01;

    /// <summary>Share of the steps' size that is left at the end; they fall exponentially.</summary>
    public double LastRate { get; init; } = 0.05;

    /// <summary>Weight of the normals against the masks.</summary>
    public double NormalWeight { get; init; } = 0.5;

    /// <summary>Weight of grid vertices that a mask shows to be outside, per metre of the field that is missing.</summary>
    public double CarveWeight { get; init; } = 0.05;

    /// <summary>Weight of the field's roughness next to the surface.</summary>
    public double RoughnessWeight { get; init; } = 0.3;

    /// <summary>Weight of sign changes along edges at the first step; it falls to a twentieth over the first quarter.</summary>
    public double SignWeight { get; init; } = 0.2;

    /// <summary>Weight of the surface's area, per square metre, at the first step; it falls with the square of the steps that are left.</summary>
    public double AreaWeight { get; init; } = 0.3;

    /// <summary>Weight of how unevenly FlexiCubes' vertices lie, per metre.</summary>
    public double IrregularityWeight { get; init; } = 0.25;

    /// <summary>Pieces of the shape smaller than this share of the largest are dropped at the end.</summary>
    public double SmallestPiece { get; init; } = 0.01;

    /// <summary>Crossings keep this share of their edge from its ends at the end, so that no triangle is without area.</summary>
    public double SmallestCrossing { get; init; } = 0.05;

    /// <summary>Side of a cell, metres.</summary>
    public double Cell => 2 * Half / Cells;
}
