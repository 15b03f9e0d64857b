using Realiz3D.Mesh.Scenes.Solids;
using static Realiz3D.Mesh.Scenes.Objects.Form;

namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>Vase, mug, bowl, bottle.</summary>
internal static class Vessels
{
    public static IEnumerable<Part> Vase(Form f)
    {
        var h = 0.95 * f.Stretch;
        var (foot, belly, neck) = (f.Between(0.26, 0.42), f.Between(0.45, 0.7), f.Between(0.2, 0.34));
        var (bellyAt, neckAt) = (f.Between(-0.4, 0.15) * h, f.Between(0.58, 0.7) * h);
        var lip = neck + f.Between(0.05, 0.2);
        var body = new Lathe([(-h, foot), (bellyAt, belly), (neckAt, neck), (h, lip)], wall: 0.09, floor: h - 0.2);
        yield return Main(body);
        if (f.Chance(0.3))
        {
            var handle = new Ring(f.Between(0.2, 0.26), 0.075).Turn(Axis.X, 90);
            var y = (bellyAt + neckAt) / 2 + 0.08 * h;
            yield return Main(handle.At(body.Radius(y) + 0.03, y, 0).MirrorX());
        }

        if (f.Chance(0.35))
        {
            var at = bellyAt + f.Between(-0.1, 0.1) * h;
            yield return Shade(Band(body, at - 0.1, at + 0.1), 0.5);
        }
    }

    public static IEnumerable<Part> Mug(Form f)
    {
        var h = 0.58 * Math.Pow(f.Stretch, 1.2);
        var r = f.Between(0.46, 0.58);
        var (taper, waist) = (f.Between(0.82, 1.08), f.Between(0.96, 1.08));
        var depth = f.Between(0.14, 0.24);
        var knots = new[] { (-h, r * taper), (0, r * (1 + taper) / 2 * waist), (h, r) };
        yield return Main(new Lathe(knots, wall: 0.09, floor: h - depth));

        var reach = Math.Min(f.Between(0.27, 0.34), h - 0.13);
        var handle = f.Chance(0.65)
            ? new Ring(reach, 0.085).Turn(Axis.X, 90)
            : new Box(reach + 0.08, reach + 0.08, 0.085, 0.06).Cut(new Box(reach - 0.09, reach - 0.09, 1));
        yield return Main(handle.At(r * 0.98, 0, 0).Cut(new Drum(r * 0.86, 3)));
        if (f.Chance(0.5))
        {
            yield return Fixed(new Drum(r - 0.07, 0.03).At(0, h - depth, 0), 0x4A2A14);
        }
    }

    public static IEnumerable<Part> Bowl(Form f)
    {
        var deep = Math.Clamp(f.Between(0.6, 0.82) * f.Stretch, 0.5, 1.05);
        var below = new Box(2, 1, 2).At(0, -1, 0);
        var hollow = deep * f.Between(0.5, 0.75);
        var shell = new Egg(1, deep, 1).Within(below).Cut(new Egg(0.88, hollow, 0.88));
        yield return Main(shell);
        yield return Shade(new Drum(f.Between(0.36, 0.5), 0.1, 0.03).At(0, -deep + 0.02, 0), 0.6);
        if (f.Chance(0.5))
        {
            yield return Shade(new Ring(0.94, 0.075), 0.55);
        }
    }

    public static IEnumerable<Part> Bottle(Form f)
    {
        var (r, body) = (f.Between(0.33, 0.45), 0.62 * f.Stretch);
        var (neck, length) = (f.Between(0.13, 0.17), f.Between(0.2, 0.32) * f.Stretch);
        var glass = new Drum(r, body, f.Between(0.05, 0.15))
            .Blend(new Drum(neck, length + 0.1).At(0, body + length, 0), f.Between(0.2, 0.5));
        yield return Main(glass);
        yield return Shade(new Drum(neck + 0.05, 0.1, 0.02).At(0, body + 2 * length + 0.12, 0), 0.4);
        if (f.Chance(0.4))
        {
            var label = new Drum(r + 0.015, body * 0.4).At(0, -body * f.Between(0, 0.2), 0);
            yield return new Part(label, Paint.Tinted(0xF0EADB, 0.16));
        }
    }
}
