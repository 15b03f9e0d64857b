using Realiz3D.Mesh.Scenes.Solids;
using static Realiz3D.Mesh.Scenes.Objects.Form;

namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>Snowman, sword, robot.</summary>
internal static class Figures
{
    private const int Coal = 0x1C1C1E;
    private const int Carrot = 0xF07D0F;
    private const int Leather = 0x4A2C17;

    public static IEnumerable<Part> Snowman(Form f)
    {
        var (low, middle, head) = (f.Between(0.46, 0.56), f.Between(0.34, 0.41), f.Between(0.25, 0.31));
        var gap = Math.Clamp(0.8 * f.Stretch, 0.6, 0.95);
        var middleAt = (low + middle) * gap;
        var headAt = middleAt + (middle + head) * gap;
        yield return Main(new Ball(low).Or(new Ball(middle).At(0, middleAt, 0)).Or(new Ball(head).At(0, headAt, 0)));

        var brim = headAt + head * 0.72;
        var crown = f.Between(0.13, 0.2);
        var hat = new Drum(head * 1.05, 0.055, 0.02).At(0, brim, 0).Or(new Drum(head * 0.72, crown).At(0, brim + crown, 0));
        yield return Fixed(hat, Coal);
        var nose = new Frustum(0.085, 0.03, f.Between(0.13, 0.19)).Turn(Axis.X, 90);
        yield return Fixed(nose.At(0, headAt, head + 0.08), Carrot);
        yield return Fixed(new Ball(0.055).At(head * 0.38, headAt + head * 0.28, head * 0.86).MirrorX(), Coal);
        var button = new Ball(0.06);
        var buttons = button.At(0, middleAt + middle * 0.35, middle * 0.94).Or(button.At(0, middleAt - middle * 0.2, middle * 0.98));
        yield return Fixed(buttons, Coal);
        if (f.Chance(0.6))
        {
            yield return Shade(new Ring(head * 0.82, 0.09).At(0, headAt - head * 0.8, 0), 0.4);
        }

        if (f.Chance(0.6))
        {
            var hand = new Vector3(middle + 0.34, middleAt + f.Between(0.0, 0.3), 0.08);
            var arm = new Pill(new(middle * 0.7, middleAt, 0), hand, 0.06);
            yield return Fixed(arm.MirrorX(), 0x5A3A1E);
        }
    }

    public static IEnumerable<Part> Sword(Form f)
    {
        var length = 1.5 * f.Stretch;
        var (w, t) = (f.Between(0.17, 0.23), f.Between(0.1, 0.12));
        var point = f.Between(0.25, 0.5);

        // A quarter of the blade, x and z above 0: rhombic section, and a point that closes over the last stretch.
        var blade = Convex.From(
            (new(1 / w, 0, 1 / t), 1.25),
            (new(1, 0, 0), w),
            (new(0, 0, 1), t),
            (new(1 / w, 1 / point, 0), length / point),
            (new(0, 1 / point, 1 / t), length / point),
            (new(0, -1, 0), 0),
            (new(-1, 0, 0), 0),
            (new(0, 0, -1), 0));
        yield return Main(blade.MirrorX().MirrorZ());

        var guard = f.Between(0.36, 0.5);
        yield return f.Chance(0.5)
            ? Shade(new Box(guard, 0.08, 0.11, 0.04), 0.5)
            : Shade(new Pill(new(0, -0.04, 0), new(guard, 0.1, 0), 0.09).MirrorX(), 0.5);
        var grip = f.Between(0.2, 0.26);
        yield return Fixed(new Drum(0.09, grip).At(0, -grip, 0), Leather);
        yield return Shade(new Ball(f.Between(0.12, 0.15)).At(0, -2 * grip - 0.05, 0), 0.5);
    }

    public static IEnumerable<Part> Robot(Form f)
    {
        var (w, h, d) = (f.Between(0.32, 0.42), f.Between(0.34, 0.42) * f.Stretch, f.Between(0.22, 0.28));
        var (headW, headH) = (f.Between(0.24, 0.32), f.Between(0.19, 0.25));
        var headAt = h + headH + 0.05;
        yield return Main(new Box(w, h, d, 0.05));
        var (boxy, depth) = f.Chance(0.7) ? (true, d * 0.9) : (false, headW * 0.95);
        Solid skull = boxy ? new Box(headW, headH, depth, 0.05) : new Drum(depth, headH, 0.06);
        yield return Main(skull.At(0, headAt, 0));
        yield return Shade(new Drum(0.12, 0.1).At(0, h + 0.02, 0), 0.5);

        // Eyes and mouth are bars through the head, cut off behind.
        var before = new Box(2, 4, 2).At(0, 0, 2);
        var eyes = new Drum(0.075, depth + 0.02).Turn(Axis.X, 90).At(0.11, headAt + 0.04, 0).MirrorX();
        yield return Fixed(eyes.Within(before), 0xCFF6FF);
        yield return Fixed(new Box(0.13, 0.04, depth + 0.02).At(0, headAt - headH * 0.55, 0).Within(before), 0x202226);
        yield return new Part(new Box(w * 0.55, h * 0.4, 0.03).At(0, h * 0.15, d), Paint.Tinted(0xF2F2EE, 0.45));

        var limb = f.Between(0.28, 0.36) * f.Stretch;
        yield return Shade(new Box(0.09, limb, 0.1, 0.04).At(w + 0.11, h - limb - 0.04, 0).MirrorX(), 0.55);
        yield return Shade(new Box(0.125, limb * 0.85, 0.13, 0.03).At(w * 0.52, -h - limb * 0.75, 0).MirrorX(), 0.55);
        yield return Shade(new Box(0.15, 0.07, 0.19, 0.03).At(w * 0.52, -h - limb * 1.55, 0.05).MirrorX(), 0.4);
        if (f.Chance(0.7))
        {
            var top = headAt + headH;
            yield return Shade(new Drum(0.055, 0.12).At(0, top + 0.08, 0), 0.5);
            yield return Fixed(new Ball(0.09).At(0, top + 0.23, 0), 0xE23B2E);
        }
    }
}
