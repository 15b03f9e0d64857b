using Realiz3D.Mesh.Scenes.Solids;
using static Realiz3D.Mesh.Scenes.Objects.Form;

namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>Chair, table, lamp.</summary>
internal static class Furniture
{
    public static IEnumerable<Part> Chair(Form f)
    {
        var (w, d) = (f.Between(0.42, 0.54), f.Between(0.4, 0.5));
        var (leg, back) = (f.Between(0.5, 0.62) * f.Stretch, f.Between(0.6, 0.85) * f.Stretch);
        yield return Main(new Box(w, 0.075, d, 0.03));
        yield return Main(Back(f, w, back).Turn(Axis.X, -f.Between(0, 9)).At(0, 0, 0.065 - d));
        yield return Shade(Leg(f, leg).At(w - 0.09, -leg / 2, d - 0.09).MirrorX().MirrorZ(), 0.6);
        if (f.Chance(0.25))
        {
            var arm = new Box(0.065, 0.06, d - 0.05, 0.03).At(w - 0.05, 0.36, 0)
                .Or(new Box(0.065, 0.2, 0.065).At(w - 0.05, 0.18, d - 0.15));
            yield return Shade(arm.MirrorX(), 0.6);
        }
    }

    public static IEnumerable<Part> Table(Form f)
    {
        var leg = f.Between(0.62, 0.85) * f.Stretch;
        if (f.Chance(0.4))
        {
            var r = f.Between(0.65, 0.85);
            yield return Main(new Drum(r, 0.07, 0.03));
            yield return Shade(new Drum(f.Between(0.09, 0.14), leg / 2).At(0, -leg / 2, 0), 0.6);
            yield return Shade(new Frustum(f.Between(0.38, 0.5), 0.14, 0.09).At(0, -leg, 0), 0.6);
            yield break;
        }

        var (w, d) = (f.Between(0.75, 0.95), f.Between(0.5, 0.68));
        yield return Main(new Box(w, 0.08, d, 0.02));
        yield return Shade(Leg(f, leg).At(w - 0.13, -leg / 2, d - 0.13).MirrorX().MirrorZ(), 0.6);
    }

    public static IEnumerable<Part> Lamp(Form f)
    {
        var stem = f.Between(0.3, 0.42) * f.Stretch;
        var (bottom, half) = (f.Between(0.44, 0.56), f.Between(0.26, 0.36));
        var top = bottom * f.Between(0.4, 0.85);
        yield return Main(new Frustum(bottom, top, half).At(0, stem + half - 0.06, 0));
        yield return Shade(new Drum(0.065, stem), 0.5);
        yield return Shade(new Drum(f.Between(0.27, 0.38), 0.07, 0.03).At(0, -stem, 0), 0.5);
        switch (f.Index(3))
        {
            case 1:
                var r = f.Between(0.2, 0.26);
                yield return Main(new Ball(r).At(0, r * 0.9 - stem, 0));
                break;
            case 2:
                yield return Main(new Egg(0.19, 0.3, 0.19).At(0, 0.26 - stem, 0));
                break;
        }
    }

    private static Solid Back(Form f, double w, double height)
    {
        var half = height / 2;
        if (f.Chance(0.6))
        {
            return new Box(w, half, 0.065, 0.03).At(0, half, 0);
        }

        var post = new Box(0.075, half, 0.065).At(w - 0.075, half, 0).MirrorX();
        var top = new Box(w, 0.12, 0.065, 0.02).At(0, height - 0.12, 0);
        return post.Or(top).Or(new Box(w, 0.08, 0.065).At(0, height * 0.42, 0));
    }

    private static Solid Leg(Form f, double length) =>
        f.Chance(0.5) ? new Drum(0.075, length / 2) : new Box(0.07, length / 2, 0.07);
}
