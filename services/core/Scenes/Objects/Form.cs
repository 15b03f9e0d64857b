using Realiz3D.Mesh.Scenes.Solids;

namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>One coloured part of an object.</summary>
/// <param name="Solid">Its shape.</param>
/// <param name="Paint">Its colour.</param>
internal readonly record struct Part(Solid Solid, Paint Paint);

/// <summary>The shape parameters of one object, drawn as its category asks for them.</summary>
/// <remarks>
/// Categories build in units of their own; the finished object is centred and scaled into its sphere. Parts are at least
/// 0.11 of that sphere's radius thick: three pixels at 64, so that six silhouettes can carry them.
/// </remarks>
/// <param name="draws">Source of the parameters.</param>
/// <param name="proportion">Asked proportion.</param>
internal sealed class Form(Draws draws, SceneProportion? proportion)
{
    /// <summary>Factor on heights (or lengths), by the asked proportion.</summary>
    public double Stretch { get; } = proportion switch
    {
        SceneProportion.Tall => draws.Uniform(1.25, 1.45),
        SceneProportion.Squat => draws.Uniform(0.66, 0.78),
        _ => draws.Uniform(0.9, 1.12),
    };

    public double Between(double low, double high) => draws.Uniform(low, high);

    public bool Chance(double probability) => draws.Chance(probability);

    public int Index(int count) => draws.Index(count);

    public static Part Main(Solid solid) => new(solid, Paint.Main);

    public static Part Shade(Solid solid, double factor) => new(solid, Paint.Shade(factor));

    public static Part Fixed(Solid solid, int srgb) => new(solid, Paint.Of(srgb));

    /// <summary>The slice of a solid between two heights, grown a little so that its paint shows.</summary>
    public static Solid Band(Solid solid, double low, double high) =>
        solid.Grow(0.012).Within(new Box(4, (high - low) / 2, 4).At(0, (high + low) / 2, 0));
}
