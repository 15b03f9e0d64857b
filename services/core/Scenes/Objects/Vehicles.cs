using Realiz3D.Mesh.Scenes.Solids;
using static Realiz3D.Mesh.Scenes.Objects.Form;

namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>Car, airplane, rocket.</summary>
internal static class Vehicles
{
    private const int Glass = 0x26323E;

    public static IEnumerable<Part> Car(Form f)
    {
        var length = 0.92 * f.Stretch;
        var (w, wheel) = (f.Between(0.38, 0.46), f.Between(0.17, 0.21));
        yield return Main(new Box(w, 0.19, length, f.Between(0.05, 0.12)));

        // The cabin in (-z, y): its back foot, front foot, and how far screen and rear lean.
        var (rear, front) = f.Index(3) switch
        {
            0 => (-0.72, 0.28),         // sedan
            1 => (-0.95, 0.35),         // estate
            _ => (-0.2, 0.5),           // pickup
        };
        var (height, lean) = (f.Between(0.3, 0.38), f.Between(0.1, 0.26));
        var cabin = Convex.Prism(
            [
                (-front * length, 0.14),
                (-rear * length, 0.14),
                (-rear * length - lean * 0.5, 0.16 + height),
                (-front * length + lean, 0.16 + height),
            ],
            Axis.X,
            w - 0.06);
        yield return Main(cabin);
        yield return Fixed(Band(cabin, 0.23, 0.08 + height), Glass);

        var wheels = new Drum(wheel, 0.085, 0.025).Turn(Axis.Z, 90);
        var hubs = new Drum(wheel * 0.45, 0.1).Turn(Axis.Z, 90);
        yield return Fixed(wheels.At(w - 0.03, -0.17, length * 0.62).MirrorX().MirrorZ(), 0x1E1E20);
        yield return Fixed(hubs.At(w - 0.03, -0.17, length * 0.62).MirrorX().MirrorZ(), 0xA8A8A8);
        yield return Fixed(new Ball(0.075).At(w - 0.13, 0.03, length - 0.02).MirrorX(), 0xFFF3B8);
    }

    public static IEnumerable<Part> Airplane(Form f)
    {
        var half = 0.62 * f.Stretch;
        var r = f.Between(0.19, 0.24);
        yield return Main(new Frustum(0.11, r, half).Turn(Axis.X, 90)
            .Or(new Egg(r, r, r * f.Between(1.1, 1.7)).At(0, 0, half)));

        var (span, sweep) = (f.Between(0.85, 1.05), f.Between(0, 0.4));
        var (root, tip) = (f.Between(0.4, 0.52), f.Between(0.2, 0.3));
        var at = f.Between(0.02, 0.18);
        yield return Main(Wing(span, root, tip, sweep).At(0, f.Between(-0.08, 0.1), at).MirrorX());
        yield return Shade(Wing(0.42, 0.28, 0.18, 0.08).At(0, 0.05, -half + 0.05).MirrorX(), 0.65);
        (double, double)[] fin = [(half - 0.28, 0), (half + 0.06, 0), (half + 0.12, f.Between(0.4, 0.52)), (half - 0.06, 0.42)];
        yield return Shade(Convex.Prism(fin, Axis.X, 0.06), 0.65);
        yield return Fixed(new Egg(0.12, 0.13, 0.2).At(0, r * 0.72, half * 0.55), Glass);
        switch (f.Index(3))
        {
            case 0:
                var engine = new Drum(0.11, 0.18, 0.03).Turn(Axis.X, 90).At(span * 0.45, -0.12, at - sweep * 0.4 + 0.05);
                yield return Shade(engine.MirrorX(), 0.5);
                break;
            case 1:
                yield return Fixed(new Box(0.36, 0.06, 0.055).Turn(Axis.Z, 35).At(0, 0, half + r * 1.5), 0x55504A);
                break;
        }
    }

    public static IEnumerable<Part> Rocket(Form f)
    {
        var h = 0.95 * f.Stretch;
        var (belly, foot) = (f.Between(0.26, 0.34), f.Between(0.17, 0.24));
        var hull = new Lathe([(-0.75 * h, foot), (-0.15 * h, belly), (0.45 * h, belly * 0.78), (h, 0.05)]);
        yield return Main(hull);
        var trim = f.Chance(0.5) ? Paint.Shade(0.45) : Paint.Tinted(0xF2F2EE, 0.09);
        yield return new Part(Band(hull, f.Between(0.42, 0.55) * h, 1.1 * h), trim);

        var (reach, rise) = (f.Between(0.5, 0.62), f.Between(0.3, 0.5) * h);
        var fin = Convex
            .Prism([(0, -0.8 * h), (reach, -0.98 * h), (reach, -0.72 * h), (0.1, -0.8 * h + rise + 0.2)], Axis.Z, 0.06)
            .MirrorX();
        yield return new Part(fin.Or(fin.Turn(Axis.Y, 90)).Turn(Axis.Y, 45), trim);
        yield return Fixed(new Drum(foot * 0.8, 0.1).At(0, -0.8 * h, 0), 0x303034);
        var port = f.Between(0.11, 0.14);
        var place = f.Between(0.0, 0.2) * h;
        yield return Fixed(new Drum(port, 0.07).Turn(Axis.X, 90).At(0, place, hull.Radius(place) - 0.03), 0xA6DCF5);
        yield return Shade(new Ring(port, 0.045).Turn(Axis.X, 90).At(0, place, hull.Radius(place) + 0.02), 0.4);
    }

    // Right half of a wing: root at x = 0, its leading edge at z = root / 2, swept back towards the tip.
    private static Convex Wing(double span, double root, double tip, double sweep) => Convex.Prism(
        [(0, -root / 2), (span, sweep - root / 2), (span, sweep + tip - root / 2), (0, root / 2)], Axis.Y, 0.06);
}
