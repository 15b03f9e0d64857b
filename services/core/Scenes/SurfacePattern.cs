using Realiz3D.Mesh.Scenes.Solids;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Albedo of the main part: its colour, varied through space as the material has it.</summary>
/// <remarks>
/// Variation is a sum of a few sine waves in seeded directions (cheap on every device, smooth at 64 pixels) and modest, so
/// that the mean stays the asked colour. Points are in world coordinates, object inside radius 0.5.
/// </remarks>
internal sealed class SurfacePattern
{
    private const int Waves = 4;
    private static readonly Rgb Rust = Rgb.FromSrgb(0x8A4A1E);

    private readonly SceneMaterial _material;
    private readonly Rgb _base;
    private readonly bool _natural;
    private readonly Vector3[] _directions;
    private readonly double[] _phases;
    private readonly double _tilt;

    /// <param name="material">The material.</param>
    /// <param name="colour">The asked colour; null for the material's own.</param>
    /// <param name="draws">Direction and phase of the waves.</param>
    public SurfacePattern(SceneMaterial material, SceneColour? colour, Draws draws)
    {
        _material = material;
        _natural = colour is null;
        _base = colour is { } asked
            ? ColourTable.Albedo(asked)
            : ColourTable.NaturalAlbedo(material)
                ?? throw new ArgumentException($"{material} has no colour of its own.", nameof(colour));
        _directions = new Vector3[Waves];
        _phases = new double[Waves];
        for (var i = 0; i < Waves; i++)
        {
            var direction = new Vector3(draws.Uniform(-1, 1), draws.Uniform(-1, 1), draws.Uniform(-1, 1));
            _directions[i] = direction * (1 / Math.Max(0.2, direction.Length));
            _phases[i] = draws.Uniform(0, 2 * Math.PI);
        }

        _tilt = draws.Uniform(-0.4, 0.4);
    }

    /// <summary>Albedo at points of the surface.</summary>
    /// <param name="p">Points, each coordinate [N].</param>
    /// <returns>[3, N].</returns>
    public Tensor Albedo(Points p)
    {
        using var scope = NewDisposeScope();

        var flat = Column(_base, p.X.device);
        var varied = _material switch
        {
            SceneMaterial.Wood => flat * (Grain(p) * 0.22 + 1).unsqueeze(0),
            SceneMaterial.Marble => flat * (1 - Veins(p) * 0.42).unsqueeze(0),
            SceneMaterial.RustyIron => Rusted(flat, p),
            _ => flat.expand(3, p.X.shape[0]),
        };
        return varied.clamp(0, 0.95).MoveToOuterDisposeScope();
    }

    // Rings around a tilted upright axis, bent by a slow wave; -1 to 1.
    private Tensor Grain(Points p)
    {
        var rings = Points.Length(p.X + p.Y * _tilt + 0.21, p.Z - p.Y * _tilt * 0.5 + 0.17);
        return (rings * 62 + Wave(p, 6) * 2.2).sin();
    }

    // Thin lines where a bent plane wave crosses zero; 0 to 1.
    private Tensor Veins(Points p)
    {
        var wave = (p.X * 9 + p.Y * (11 + 6 * _tilt) + p.Z * 7 + Wave(p, 9) * 3.4).sin();
        var line = (1 - wave.abs() * 1.9).clamp_min(0);
        return line * line;
    }

    // Patches of rust. On bare iron they are half of the surface, on painted iron less and thinner.
    private Tensor Rusted(Tensor flat, Points p)
    {
        var (strength, threshold) = _natural ? (0.85, 0.0) : (0.45, 0.35);
        var patches = sigmoid((Wave(p, 14) - threshold) * 7) * strength;
        return flat + (Column(Rust, p.X.device) - flat) * patches.unsqueeze(0);
    }

    // [3, 1].
    private static Tensor Column(Rgb colour, Device device) =>
        tensor(new[] { (float)colour.Red, (float)colour.Green, (float)colour.Blue }, device: device).unsqueeze(1);

    private Tensor Wave(Points p, double frequency)
    {
        Tensor? sum = null;
        for (var i = 0; i < Waves; i++)
        {
            var k = _directions[i] * (frequency * (1 + 0.35 * i));
            var wave = (p.X * k.X + p.Y * k.Y + p.Z * k.Z + _phases[i]).sin();
            sum = sum is null ? wave : sum + wave;
        }

        return sum! * (2.0 / Waves);
    }
}
