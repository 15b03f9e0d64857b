using Realiz3D.Mesh.Scenes.Solids;
using static Realiz3D.Mesh.Scenes.Objects.Form;

namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>House, tree, mushroom.</summary>
internal static class Outdoors
{
    private const int Bark = 0x6B4423;

    public static IEnumerable<Part> House(Form f)
    {
        var (w, d, wall) = (f.Between(0.5, 0.66), f.Between(0.48, 0.66), f.Between(0.32, 0.42) * f.Stretch);
        var rise = f.Between(0.4, 0.62);
        var turn = f.Chance(0.5) ? 90 : 0;
        var (across, along) = turn == 0 ? (w, d) : (d, w);
        yield return Main(new Box(w, wall, d));

        // Gable walls and two roof slabs, the ridge along z before the turn.
        var angle = Math.Atan2(rise, across);
        var slab = new Box(Math.Sqrt(across * across + rise * rise) / 2 + 0.09, 0.065, along + 0.1)
            .Turn(Axis.Z, -angle * 180 / Math.PI)
            .At(across / 2 + 0.03, wall + rise / 2 + 0.02, 0)
            .MirrorX();
        var gable = Convex.Prism([(-across, wall - 0.01), (across, wall - 0.01), (0, wall + rise)], Axis.Z, along);
        yield return Main(gable.Turn(Axis.Y, turn));
        yield return Shade(slab.Turn(Axis.Y, turn), 0.42);

        var door = f.Between(-0.2, 0.2) * w;
        yield return Fixed(new Box(0.12, 0.22, 0.04).At(door, 0.22 - wall, d), 0x4A2C17);
        var pane = f.Chance(0.5) ? 0xE6C86A : 0x8FB4D0;
        yield return Fixed(new Box(0.08, 0.09, 0.03).At(w * 0.62, wall * 0.35, d).MirrorX().MirrorZ(), pane);
        yield return Fixed(new Box(0.03, 0.09, 0.08).At(w, wall * 0.2, d * 0.4).MirrorX().MirrorZ(), pane);
        if (f.Chance(0.6))
        {
            var chimney = new Box(0.1, 0.24, 0.1).At(across * 0.45, wall + rise * 0.75, -along * 0.4);
            yield return Shade(chimney.Turn(Axis.Y, turn), 0.65);
        }
    }

    public static IEnumerable<Part> Tree(Form f)
    {
        var trunk = f.Between(0.24, 0.36) * f.Stretch;
        yield return Fixed(new Frustum(f.Between(0.11, 0.15), 0.1, trunk).At(0, -trunk, 0), Bark);
        switch (f.Index(3))
        {
            case 0:     // conifer
                var (tiers, r, y) = (2 + f.Index(2), f.Between(0.5, 0.65), -0.1);
                for (var i = 0; i < tiers; i++)
                {
                    var half = f.Between(0.26, 0.32) * f.Stretch;
                    yield return Main(new Frustum(r, i == tiers - 1 ? 0.03 : r * 0.35, half).At(0, y + half, 0));
                    (r, y) = (r * 0.78, y + half * 1.35);
                }

                break;
            case 1:     // round crown
                var size = f.Between(0.46, 0.56);
                Solid crown = new Ball(size).At(0, size * 0.8, 0);
                for (var i = 0; i < 3; i++)
                {
                    var (sin, cos) = Math.SinCos((i + f.Between(0, 0.6)) * 2 * Math.PI / 3);
                    var tuft = new Ball(f.Between(0.26, 0.36)).At(sin * 0.38, size * f.Between(0.5, 1.2), cos * 0.38);
                    crown = crown.Blend(tuft, 0.12);
                }

                yield return Main(crown);
                break;
            default:    // poplar
                var tall = f.Between(0.62, 0.8) * f.Stretch;
                yield return Main(new Egg(f.Between(0.36, 0.5), tall, 0.42).At(0, tall * 0.85, 0));
                break;
        }
    }

    public static IEnumerable<Part> Mushroom(Form f)
    {
        var stem = f.Between(0.3, 0.4) * f.Stretch;
        var (r, dome) = (f.Between(0.6, 0.76), f.Between(0.42, 0.62));
        var thick = f.Between(0.17, 0.24);
        var foot = thick * f.Between(1.0, 1.35);
        yield return new Part(new Frustum(foot, thick, stem).At(0, -stem, 0), Paint.Tinted(0xEFE3CB, 0.22));
        var above = new Box(2, 1, 2).At(0, 0.94, 0);
        var cap = f.Chance(0.75)
            ? new Egg(r, dome, r).Within(above)
            : new Frustum(r - 0.08, 0.12, dome / 2 + 0.08, 0.08).At(0, dome / 2 - 0.02, 0);
        yield return Main(cap);
        if (f.Chance(0.6))
        {
            Solid? spots = null;
            var start = f.Between(0, 360);
            for (var i = 0; i < 5; i++)
            {
                var spot = new Drum(f.Between(0.09, 0.12), r + 0.016)
                    .Turn(Axis.X, f.Between(38, 70))
                    .Turn(Axis.Y, start + 72 * i);
                spots = spots is null ? spot : spots.Or(spot);
            }

            yield return Fixed(cap.Grow(0.012).Within(spots!.Within(above)), 0xF2F2EE);
        }
    }
}
