namespace Realiz3D.Mesh.Scenes;

/// <summary>How a part is coloured: a share of the body's material mixed with a fixed colour.</summary>
/// <param name="Body">Weight of the body's albedo, pattern included.</param>
/// <param name="Fixed">Added to it.</param>
internal readonly record struct Paint(double Body, Rgb Fixed)
{
    /// <summary>The asked colour and material.</summary>
    public static Paint Main { get; } = new(1, default);

    /// <summary>The asked material, darkened.</summary>
    public static Paint Shade(double factor) => new(factor, default);

    /// <summary>A colour that no prompt changes.</summary>
    public static Paint Of(int srgb) => new(0, Rgb.FromSrgb(srgb));

    /// <summary>The asked colour mixed with a fixed one.</summary>
    /// <param name="srgb">The fixed colour.</param>
    /// <param name="share">Its share.</param>
    public static Paint Tinted(int srgb, double share) => new(1 - share, default(Rgb).Mix(Rgb.FromSrgb(srgb), share));
}
