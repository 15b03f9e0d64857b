namespace Realiz3D.Mesh.Scenes;

/// <summary>A colour in linear light, Rec. 709 primaries, each part 0 to 1.</summary>
/// <param name="Red">Red.</param>
/// <param name="Green">Green.</param>
/// <param name="Blue">Blue.</param>
public readonly record struct Rgb(double Red, double Green, double Blue)
{
    /// <summary>From sRGB code values 0 to 255.</summary>
    /// <param name="hex">0xRRGGBB.</param>
    public static Rgb FromSrgb(int hex)
    {
        return new Rgb(Decode(hex >> 16), Decode((hex >> 8) & 255), Decode(hex & 255));

        static double Decode(int code)
        {
            var c = code / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
    }

    /// <summary>This colour with another mixed in.</summary>
    /// <param name="other">The other colour.</param>
    /// <param name="share">Share of the other, 0 to 1.</param>
    public Rgb Mix(Rgb other, double share) => new(
        Red + (other.Red - Red) * share,
        Green + (other.Green - Green) * share,
        Blue + (other.Blue - Blue) * share);

    /// <summary>CIE L*a*b* under D65, L* 0 to 100.</summary>
    /// <remarks>
    /// CIE 15:2004, section 8.2.1, with the sRGB matrix of IEC 61966-2-1 and its white point.
    /// <code>L* = 116 f(Y/Yn) - 16,  a* = 500 (f(X/Xn) - f(Y/Yn)),  b* = 200 (f(Y/Yn) - f(Z/Zn))</code>
    /// </remarks>
    public (double L, double A, double B) ToLab()
    {
        var x = F((0.4124564 * Red + 0.3575761 * Green + 0.1804375 * Blue) / 0.95047);
        var y = F(0.2126729 * Red + 0.7151522 * Green + 0.0721750 * Blue);
        var z = F((0.0193339 * Red + 0.1191920 * Green + 0.9503041 * Blue) / 1.08883);
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));

        static double F(double t)
        {
            const double delta = 6.0 / 29;
            return t > delta * delta * delta ? Math.Cbrt(t) : t / (3 * delta * delta) + 4.0 / 29;
        }
    }

    /// <summary>CIE 1976 colour difference: the distance in L*a*b*.</summary>
    /// <param name="other">The other colour.</param>
    public double DifferenceTo(Rgb other)
    {
        var (l, a, b) = ToLab();
        var (l2, a2, b2) = other.ToLab();
        return Math.Sqrt((l - l2) * (l - l2) + (a - a2) * (a - a2) + (b - b2) * (b - b2));
    }
}
