using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>An environment that the program makes: linear radiance by direction.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Description">What it looks like, for people.</param>
/// <param name="Radiance">Linear RGB in a unit direction; y is up, the front of the object looks towards +z.</param>
public sealed record StudioEnvironment(string Name, string Description, Func<Vector3, Vector3> Radiance);

/// <summary>The environments by name.</summary>
/// <remarks>
/// With d the direction, s(a, b, x) the smoothstep t^2 (3 - 2 t) of t = (x - a) / (b - a) within 0 and 1, and all in linear units in which a
/// white surface under "white" shows 1:
/// <code>
/// white     L = 1
/// softbox   L = 0.25 + 0.25 d.y + sum of lamps; a lamp at unit direction c, half as wide as w and half as tall as h at distance 1, gives
///           P (1 - s(0.9, 1.1, |x| / w)) (1 - s(0.9, 1.1, |y| / h)) where d meets its plane at (x, y):
///           key P = 14 at azimuth 45, elevation 40 (0.45 x 0.45); fill 3 at -60, 15 (0.5 x 0.8); rim 9 at 170, 35 (0.9 x 0.2)
/// overcast  sky (1 + 2 d.y) / 3 (CIE overcast sky: Moon and Spencer 1942), times (0.94, 0.98, 1.06) 1.3; below the horizon what ground of
///           albedo 0.2 sends back, 0.2 x 7 / 9 of it, times (1.05, 1, 0.9); between them s(-0.02, 0.02, d.y)
/// sunset    sky m (1, 0.42, 0.16) 0.9 + (1 - m) (0.10, 0.17, 0.38), m = (1 - d.y)^4; glow 2.5 exp(10 (d.c - 1)) (1, 0.5, 0.2); sun
///           90 exp(300 (d.c - 1)) (1, 0.62, 0.3), c at azimuth 150, elevation 14; ground (0.09, 0.07, 0.06); horizon as overcast
/// </code>
/// Azimuths as those of <see cref="Camera"/>: 0 lights the front, 90 the side of +x.
/// </remarks>
public static class StudioEnvironments
{
    private static readonly Lamp[] s_lamps = [new(45, 40, 0.45f, 0.45f, 14), new(-60, 15, 0.5f, 0.8f, 3), new(170, 35, 0.9f, 0.2f, 9)];
    private static readonly Vector3 s_sun = At(150, 14);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StudioEnvironment> All { get; } =
    [
        new("white", "The same white light from all round.", _ => Vector3.One),
        new("softbox", "A grey studio with a key softbox, a fill and a rim light.", Softbox),
        new("overcast", "A bright clouded sky over dull ground.", Overcast),
        new("sunset", "A low sun behind the object, an orange horizon, a blue sky.", Sunset),
    ];

    /// <summary>The environment of a name; null where there is none.</summary>
    /// <param name="name">Its name, in lower case.</param>
    public static StudioEnvironment? Find(string name) => All.FirstOrDefault(environment => environment.Name == name);

    private static Vector3 Softbox(Vector3 d)
    {
        var light = 0.25f + (0.25f * d.Y);
        foreach (var lamp in s_lamps)
        {
            light += lamp.Radiance(d);
        }

        return new Vector3(light);
    }

    private static Vector3 Overcast(Vector3 d)
    {
        const float zenith = 1.3f;
        var sky = (1 + (2 * Math.Max(d.Y, 0))) / 3 * new Vector3(0.94f, 0.98f, 1.06f);
        var ground = 0.2f * 7 / 9 * new Vector3(1.05f, 1, 0.9f);
        return zenith * Vector3.Lerp(ground, sky, AboveHorizon(d));
    }

    private static Vector3 Sunset(Vector3 d)
    {
        var haze = MathF.Pow(1 - Math.Max(d.Y, 0), 4);
        var sky = Vector3.Lerp(new Vector3(0.10f, 0.17f, 0.38f), 0.9f * new Vector3(1, 0.42f, 0.16f), haze);
        var near = Vector3.Dot(d, s_sun) - 1;
        sky += 2.5f * MathF.Exp(10 * near) * new Vector3(1, 0.5f, 0.2f);
        sky += 90 * MathF.Exp(300 * near) * new Vector3(1, 0.62f, 0.3f);
        return Vector3.Lerp(new Vector3(0.09f, 0.07f, 0.06f), sky, AboveHorizon(d));
    }

    private static float AboveHorizon(Vector3 d) => Smoothstep(-0.02f, 0.02f, d.Y);

    private static float Smoothstep(float from, float to, float x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }

    // The unit direction of an azimuth and elevation, in degrees.
    private static Vector3 At(double azimuth, double elevation)
    {
        var (sinA, cosA) = Math.SinCos(azimuth * Math.PI / 180);
        var (sinE, cosE) = Math.SinCos(elevation * Math.PI / 180);
        return new Vector3((float)(cosE * sinA), (float)sinE, (float)(cosE * cosA));
    }

    /// <summary>A rectangle of light at distance 1 that faces the origin, upright.</summary>
    private sealed class Lamp(double azimuth, double elevation, float halfWidth, float halfHeight, float power)
    {
        private readonly Vector3 _centre = At(azimuth, elevation);
        private readonly Vector3 _right = At(azimuth + 90, 0);
        private readonly Vector3 _up = Vector3.Cross(At(azimuth, elevation), At(azimuth + 90, 0));

        public float Radiance(Vector3 d)
        {
            var towards = Vector3.Dot(d, _centre);
            if (towards <= 0)
            {
                return 0;
            }

            var (x, y) = (Math.Abs(Vector3.Dot(d, _right)) / towards, Math.Abs(Vector3.Dot(d, _up)) / towards);
            return power * (1 - Smoothstep(0.9f, 1.1f, x / halfWidth)) * (1 - Smoothstep(0.9f, 1.1f, y / halfHeight));
        }
    }
}
