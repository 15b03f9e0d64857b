namespace Realiz3D.Mesh.Formats;

/// <summary>The sRGB transfer function. Source: IEC 61966-2-1:1999, thresholds 0.0031308 and 0.04045.</summary>
public static class Srgb
{
    private static readonly float[] Decoded = [.. Enumerable.Range(0, 256).Select(value => (float)ToLinear(value / 255.0))];

    /// <summary>Linear light to sRGB, both in [0, 1].</summary>
    /// <param name="linear">Linear value.</param>
    /// <returns>The encoded value.</returns>
    public static double FromLinear(double linear) =>
        linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;

    /// <summary>sRGB to linear light, both in [0, 1].</summary>
    /// <param name="encoded">Encoded value.</param>
    /// <returns>The linear value.</returns>
    public static double ToLinear(double encoded) =>
        encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4);

    /// <summary>Linear light to an 8-bit sRGB sample; what lies outside [0, 1] is clamped.</summary>
    /// <param name="linear">Linear value.</param>
    /// <returns>0 to 255.</returns>
    public static byte ToByte(double linear) => (byte)Math.Round(255 * FromLinear(Math.Clamp(linear, 0, 1)));

    /// <summary>An 8-bit sRGB sample to linear light.</summary>
    /// <param name="encoded">0 to 255.</param>
    /// <returns>0 to 1.</returns>
    public static float FromByte(byte encoded) => Decoded[encoded];
}
