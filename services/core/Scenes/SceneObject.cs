using Realiz3D.Mesh.Scenes.Objects;
using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes;

/// <summary>One procedural object: a signed distance field with coloured parts, inside the sphere of radius 0.5.</summary>
/// <remarks>
/// 1. The caption gives attributes; a seed draws the rest (<see cref="AttributeDraw"/>). 2. The category's builder draws its
/// shape parameters and lists solids with paints (Objects/). 3. The object is centred and scaled so that it fills a sphere
/// of radius <see cref="FittedRadius"/>, which any camera of the Zero123++ v1.2 rig's lens and distance sees whole.
/// Equal seeds give equal objects. Front towards +Z, up +Y.
/// </remarks>
public sealed class SceneObject
{
    /// <summary>
    /// Radius that every object is scaled to. A sphere of 0.483 = 1.866 sin(15 degrees) touches the edge of the picture.
    /// </summary>
    public const double FittedRadius = 0.465;

    private const int Directions = 512;

    private readonly Part[] _parts;
    private readonly SurfacePattern _pattern;
    private readonly Vector3 _centre;
    private readonly double _scale;

    private SceneObject(ulong seed, SceneAttributes attributes, string caption)
        : this(seed, attributes, caption, Catalog.Build(
            attributes.Category!.Value, new Form(new Draws(seed, DrawStream.Shape), attributes.Proportion)))
    {
    }

    /// <summary>An object of any parts.</summary>
    internal SceneObject(ulong seed, SceneAttributes attributes, string caption, IEnumerable<Part> parts)
    {
        (Seed, Attributes, Caption) = (seed, attributes, caption);
        _parts = [.. parts];
        _pattern = new SurfacePattern(attributes.Material!.Value, attributes.Colour, new Draws(seed, DrawStream.Surface));
        (_centre, _scale) = Fit(_parts);
    }

    /// <summary>The seed behind every choice that the caption leaves open.</summary>
    public ulong Seed { get; }

    /// <summary>Category and material always; colour unless the material shows its own; finish and proportion if said.</summary>
    public SceneAttributes Attributes { get; }

    /// <summary>Words that describe the object.</summary>
    public string Caption { get; }

    /// <summary>An object drawn from a seed, with a caption that says most of its attributes.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="category">Its category; null draws one.</param>
    public static SceneObject FromSeed(ulong seed, SceneCategory? category = null)
    {
        var draws = new Draws(seed, DrawStream.Attributes);
        var spoken = AttributeDraw.Spoken(draws, category);
        return new SceneObject(seed, AttributeDraw.Complete(spoken, draws), Captions.Compose(spoken, seed));
    }

    /// <summary>The object that a caption asks for.</summary>
    /// <param name="caption">Any text; words outside the grammar are passed over.</param>
    /// <param name="seed">Draws what the caption leaves open.</param>
    public static SceneObject FromCaption(string caption, ulong seed) =>
        FromAttributes(Captions.Parse(caption).Attributes, seed, caption);

    /// <summary>The object with the given attributes.</summary>
    /// <param name="attributes">Attributes; what is null is drawn.</param>
    /// <param name="seed">Draws what is left open.</param>
    /// <param name="caption">Its caption; null writes the plain one.</param>
    public static SceneObject FromAttributes(SceneAttributes attributes, ulong seed, string? caption = null)
    {
        var complete = AttributeDraw.Complete(attributes, new Draws(seed, DrawStream.Attributes));
        return new SceneObject(seed, complete, caption ?? Captions.Plain(complete));
    }

    /// <summary>Signed distance in world units, negative inside; never above the true distance.</summary>
    /// <param name="points">World points, each coordinate [N].</param>
    /// <returns>[N]. The caller disposes it.</returns>
    public Tensor Distance(Points points)
    {
        using var scope = NewDisposeScope();

        var local = Local(points);
        Tensor? nearest = null;
        foreach (var part in _parts)
        {
            // A scope per part hands its memory to the next part while the caches still hold it.
            using var temporaries = NewDisposeScope();
            var distance = part.Solid.Distance(local);
            nearest = (nearest is null ? distance : minimum(nearest, distance)).MoveToOuterDisposeScope();
        }

        return nearest!.mul_(_scale).MoveToOuterDisposeScope();
    }

    /// <summary>Albedo at points of the surface, linear RGB.</summary>
    /// <param name="points">World points, each coordinate [N].</param>
    /// <returns>[3, N]. The caller disposes it.</returns>
    public Tensor Albedo(Points points)
    {
        using var scope = NewDisposeScope();

        var local = Local(points);
        var part = stack(_parts.Select(p => p.Solid.Distance(local)).ToArray()).argmin(0);           // [N]
        var body = _pattern.Albedo(points) * PerPart(part, p => p.Body);                             // [3, N]
        var red = PerPart(part, p => p.Fixed.Red);
        var green = PerPart(part, p => p.Fixed.Green);
        var blue = PerPart(part, p => p.Fixed.Blue);
        return (body + stack([red, green, blue])).MoveToOuterDisposeScope();
    }

    private Tensor PerPart(Tensor part, Func<Paint, double> value) =>
        tensor(_parts.Select(p => (float)value(p.Paint)).ToArray(), device: part.device).index_select(0, part);

    private Points Local(Points p) => new(
        p.X * (1 / _scale) + _centre.X, p.Y * (1 / _scale) + _centre.Y, p.Z * (1 / _scale) + _centre.Z);

    // Centre of the bounding box, and the radius about it over directions spread evenly (a Fibonacci lattice).
    private static (Vector3 Centre, double Scale) Fit(Part[] parts)
    {
        double Support(Vector3 d) => parts.Max(p => p.Solid.Support(d));
        double Middle(Vector3 axis) => (Support(axis) - Support(axis * -1)) / 2;

        var centre = new Vector3(Middle(new(1, 0, 0)), Middle(new(0, 1, 0)), Middle(new(0, 0, 1)));
        var radius = 0.0;
        for (var i = 0; i < Directions; i++)
        {
            var y = 1 - (2 * i + 1.0) / Directions;
            var (sin, cos) = Math.SinCos(i * Math.PI * (3 - Math.Sqrt(5)));
            var ring = Math.Sqrt(1 - y * y);
            var direction = new Vector3(ring * cos, y, ring * sin);
            radius = Math.Max(radius, Support(direction) - centre.Dot(direction));
        }

        return (centre, FittedRadius / radius);
    }
}
