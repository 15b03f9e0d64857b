using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>An environment as mirrors of one roughness reflect it when seen head on.</summary>
/// <remarks>
/// With view = normal = the texel's direction, light is L(l) n . l over half vectors drawn by GGX's D, on a grid of D's two coordinates. Each
/// sample reads the mip level whose texels are about as large as the share of directions that it stands for (Krivanek and Colbert 2008).
/// In plain C#: it is done once for an environment and needs no gradient.
/// </remarks>
internal static class SpecularFilter
{
    private const int Samples = 16;     // per coordinate of the lobe

    /// <summary>Filters an environment.</summary>
    /// <param name="mips">Radiance at falling sizes, [6, R, R, 3] each.</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <param name="roughness">Of the mirrors.</param>
    /// <returns>[6, size, size, 3], of the mips' type and device.</returns>
    public static Tensor Of(IReadOnlyList<Tensor> mips, int size, double roughness)
    {
        using var scope = NewDisposeScope();
        CubeTexels[] levels = [.. mips.Select(mip => new CubeTexels(mip))];
        var normals = CubeMap.TexelDirections(size).data<float>().ToArray();
        var samples = Lobe(roughness, levels);
        var result = new float[normals.Length];
        Parallel.For(0, normals.Length / 3, texel => Gather(normals.AsSpan(3 * texel, 3), samples, levels, result.AsSpan(3 * texel, 3)));
        return tensor(result, [6, size, size, 3]).to(mips[0].dtype, mips[0].device).MoveToOuterDisposeScope();
    }

    // Directions of light around +z, their cosines and the levels to read. Every second ring is turned by half a step.
    private static List<Sample> Lobe(double roughness, CubeTexels[] levels)
    {
        var alphaSquared = Math.Pow(roughness, 4);
        var samples = new List<Sample>();
        for (var i = 0; i < Samples; i++)
        {
            var u = (i + 0.5) / Samples;
            var half = Math.Sqrt((1 - u) / (1 + ((alphaSquared - 1) * u)));                 // n . h
            var cosine = (2 * half * half) - 1;                                             // n . l
            var d = (half * half * (alphaSquared - 1)) + 1;
            var angle = 4 * Math.PI * d * d / (alphaSquared * Samples * Samples);            // 1 / (density of l * samples)
            for (var j = 0; cosine > 0 && j < Samples; j++)
            {
                var (sine, phi) = (Math.Sqrt(1 - (cosine * cosine)), 2 * Math.PI * (j + (i % 2 * 0.5)) / Samples);
                samples.Add(new(sine * Math.Cos(phi), sine * Math.Sin(phi), cosine, LevelFor(angle, levels)));
            }
        }

        return samples;
    }

    private static int LevelFor(double angle, CubeTexels[] levels)
    {
        var texel = 4 * Math.PI / (6.0 * levels[0].Size * levels[0].Size);
        return (int)Math.Clamp(Math.Round(0.5 * Math.Log2(angle / texel)), 0, levels.Length - 1);
    }

    private static void Gather(ReadOnlySpan<float> normal, List<Sample> samples, CubeTexels[] levels, Span<float> result)
    {
        // An orthonormal frame around the normal (Duff et al. 2017).
        double x = normal[0], y = normal[1], z = normal[2];
        var sign = z < 0 ? -1.0 : 1;
        var (a, b) = (-1 / (sign + z), x * y * (-1 / (sign + z)));
        var (tx, ty, tz) = (1 + (sign * x * x * a), sign * b, -sign * x);
        var (bx, by, bz) = (b, sign + (y * y * a), -y);
        Span<double> sum = stackalloc double[3];
        var weights = 0.0;
        foreach (var sample in samples)
        {
            var lx = (tx * sample.X) + (bx * sample.Y) + (x * sample.Z);
            var ly = (ty * sample.X) + (by * sample.Y) + (y * sample.Z);
            var lz = (tz * sample.X) + (bz * sample.Y) + (z * sample.Z);
            levels[sample.Level].Add(lx, ly, lz, sample.Z, sum);
            weights += sample.Z;
        }

        for (var k = 0; k < 3; k++)
        {
            result[k] = (float)(sum[k] / weights);
        }
    }

    private readonly record struct Sample(double X, double Y, double Z, int Level);
}
