using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Light from all round, prepared so that a surface of any roughness is lit by two lookups.</summary>
/// <remarks>
/// Split-sum lighting, Karis 2013. Diffuse: irradiance over pi, the sum of L max(n . l, 0) Omega / pi over the texels of a small level.
/// Specular level i holds the light that GGX of roughness r_i reflects when seen head on, sum of L n.l over half vectors drawn by D;
/// r_i runs evenly from 0.08 to 0.5 over all levels but the last, which is 1 (arXiv:2111.12503, section 3.3). Solid angles are exact,
/// so a constant environment gives exactly itself. Linear radiance throughout; y is up.
/// </remarks>
public sealed class EnvironmentLight : IDisposable
{
    private const int SmallestLevel = 16;
    private const double MostHalf = 0.5;
    private const int TableSize = 128;
    private static readonly Lazy<float[]> s_table = new(() => SplitSum.Table(TableSize));     // the same for all lights
    private readonly Tensor _table;
    private readonly Tensor[] _levels;

    private EnvironmentLight(Tensor radiance, Tensor diffuse, Tensor[] levels, Tensor table) =>
        (Radiance, Diffuse, _levels, _table) = (radiance, diffuse, levels, table);

    /// <summary>Radiance by direction, [6, R, R, 3].</summary>
    public Tensor Radiance { get; }

    /// <summary>Irradiance over pi by normal, [6, 16, 16, 3]: what a white Lambertian surface shows.</summary>
    public Tensor Diffuse { get; }

    /// <summary>Prepares an environment.</summary>
    /// <param name="radiance">Linear radiance as a <see cref="CubeMap"/>, [6, R, R, 3], R a power of two, at least 16.</param>
    /// <returns>The light; the caller disposes it. It holds a copy.</returns>
    /// <exception cref="ArgumentException">The cube has another shape.</exception>
    public static EnvironmentLight Of(Tensor radiance)
    {
        ArgumentNullException.ThrowIfNull(radiance);
        if (radiance.shape is not [6, var size, var columns, 3] || size != columns || size < SmallestLevel || !long.IsPow2(size))
        {
            throw new ArgumentException(
                $"An environment must be [6, R, R, 3] with R a power of two from {SmallestLevel} on, not [{string.Join(", ", radiance.shape)}].");
        }

        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var mips = new List<Tensor> { radiance.clone() };
        while (mips[^1].shape[1] > SmallestLevel)
        {
            mips.Add(Halve(mips[^1]));
        }

        Tensor[] levels = [.. mips.Select((mip, i) => SpecularFilter.Of(mips, (int)mip.shape[1], RoughnessOf(i, mips.Count)))];
        var table = tensor(s_table.Value, device: radiance.device).reshape(1, TableSize, TableSize, 2).permute(0, 3, 1, 2).to_type(radiance.dtype);
        return new EnvironmentLight(
            mips[0].MoveToOuterDisposeScope(),
            Irradiance(mips[^1]).MoveToOuterDisposeScope(),
            [.. levels.Select(level => level.MoveToOuterDisposeScope())],
            table.contiguous().MoveToOuterDisposeScope());
    }

    /// <summary>Light that a metallic-roughness surface sends to the eye.</summary>
    /// <param name="baseColour">Linear base colour, [N, 3].</param>
    /// <param name="orm">Share of the light that is occluded (0: none), roughness, metallic, [N, 3].</param>
    /// <param name="normal">Unit normals, [N, 3].</param>
    /// <param name="view">Unit directions to the eye, [N, 3].</param>
    /// <param name="dielectric">Reflectance at normal incidence of what is no metal.</param>
    /// <returns>Linear radiance, [N, 3], with gradients to all four.</returns>
    public Tensor Shade(Tensor baseColour, Tensor orm, Tensor normal, Tensor view, double dielectric = 0.04)
    {
        using var scope = NewDisposeScope();
        var (occluded, roughness, metallic) = (orm.narrow(1, 0, 1), orm.narrow(1, 1, 1), orm.narrow(1, 2, 1));
        var cosine = Vectors.Dot(normal, view);
        var reflected = Dominant(normal, 2 * cosine * normal - view, roughness);
        var f0 = dielectric * (1 - metallic) + baseColour * metallic;
        var terms = Terms(cosine.clamp(1e-4, 1), roughness);
        var diffuse = baseColour * (1 - metallic) * CubeMap.SampleLinear(Diffuse, normal);
        var specular = Specular(reflected, roughness) * (f0 * terms.narrow(1, 0, 1) + terms.narrow(1, 1, 1));
        return ((diffuse + specular) * (1 - occluded)).MoveToOuterDisposeScope();
    }

    /// <summary>Light that a rough mirror gathers.</summary>
    /// <param name="directions">Directions of reflection, [N, 3].</param>
    /// <param name="roughness">0 to 1, [N, 1].</param>
    /// <returns>Linear radiance, [N, 3].</returns>
    public Tensor Specular(Tensor directions, Tensor roughness)
    {
        using var scope = NewDisposeScope();
        var last = _levels.Length - 1;
        if (last == 0)
        {
            return CubeMap.SampleLinear(_levels[0], directions).MoveToOuterDisposeScope();
        }

        var low = (roughness.clamp(Brdf.MinRoughness, MostHalf) - Brdf.MinRoughness) / (MostHalf - Brdf.MinRoughness) * (last - 1);
        var level = low + (roughness.clamp(MostHalf, 1) - MostHalf) / (1 - MostHalf);         // [N, 1]
        var result = zeros_like(directions);
        for (var i = 0; i <= last; i++)
        {
            result += CubeMap.SampleLinear(_levels[i], directions) * (1 - (level - i).abs()).clamp_min(0);
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Radiance.Dispose();
        Diffuse.Dispose();
        _table.Dispose();
        Array.ForEach(_levels, level => level.Dispose());
    }

    // Where most of a rough mirror's light comes from: nearer to the normal than the mirrored view, since GGX is cut off by the horizon and by its
    // own masking (Lagarde and de Rousiers 2014, section 4.9.3, with alpha = roughness^2).
    private static Tensor Dominant(Tensor normal, Tensor reflected, Tensor roughness)
    {
        var smooth = 1 - roughness.square().clamp(0, 1);
        return normal + (reflected - normal) * (smooth * (smooth.sqrt() + 1 - smooth));
    }

    private Tensor Terms(Tensor cosine, Tensor roughness)
    {
        var at = cat([cosine, roughness], 1) * 2 - 1;
        return nn.functional.grid_sample(
            _table, at.reshape(1, 1, -1, 2), GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false)
            .reshape(2, -1).t();
    }

    private static double RoughnessOf(int level, int count) => level == count - 1 && count > 1
        ? 1
        : Brdf.MinRoughness + ((MostHalf - Brdf.MinRoughness) * level / Math.Max(1, count - 2));

    private static Tensor Halve(Tensor faces) =>
        nn.functional.avg_pool2d(faces.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1).contiguous();

    private static Tensor Irradiance(Tensor source)
    {
        var size = (int)source.shape[1];
        var directions = CubeMap.TexelDirections(size, source.device).to_type(source.dtype).reshape(-1, 3);
        var angles = tensor(CubeMap.SolidAngles(size), device: source.device).to_type(source.dtype).repeat(6).unsqueeze(1);
        var cosines = matmul(directions, directions.t()).clamp_min(0);                      // [T, T]
        var sum = matmul(cosines, source.reshape(-1, 3) * angles);
        return (sum / matmul(cosines, angles)).reshape(6, size, size, 3);                   // the quadrature of the cosine itself is divided out
    }
}
