using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What a material's textures say at some samples.</summary>
/// <param name="BaseColour">Linear RGB, [N, 3].</param>
/// <param name="Orm">Share of the light that is occluded, roughness, metallic, [N, 3].</param>
/// <param name="Normal">In tangent space, z 1 and the rest 0 without a map, [N, 3].</param>
/// <param name="Emissive">Linear RGB, [N, 3].</param>
/// <param name="Coverage">Share of what lies behind that is covered, as <see cref="PbrMaterial.Coverage"/> has it, [N, 1].</param>
internal sealed record MaterialTexels(Tensor BaseColour, Tensor Orm, Tensor Normal, Tensor Emissive, Tensor Coverage);

/// <summary>A material's textures with their mip levels.</summary>
internal sealed class MaterialSamplers : IDisposable
{
    private readonly PbrMaterial _material;
    private readonly TextureSampler? _baseColour;
    private readonly TextureSampler? _alpha;
    private readonly TextureSampler? _roughnessMetallic;
    private readonly TextureSampler? _occlusion;
    private readonly TextureSampler? _normal;
    private readonly TextureSampler? _emissive;

    public MaterialSamplers(PbrMaterial material)
    {
        _material = material;
        (_baseColour, _roughnessMetallic, _occlusion) = (Of(material.BaseColour), Of(material.RoughnessMetallic), Of(material.Occlusion));
        (_normal, _emissive, _alpha) = (Of(material.Normal), Of(material.Emissive), Of(material.Alpha));
    }

    /// <summary>Whether the base colour is shown as it is.</summary>
    public bool IsUnlit => _material.Source.Unlit;

    /// <summary>Reflectance of what is no metal.</summary>
    public float Dielectric => _material.Dielectric;

    /// <summary>Reads all textures. The tensors belong to the caller's scope.</summary>
    /// <param name="places">Texture coordinates, [N, 2].</param>
    /// <param name="slopes">How fast they change per pixel, [N, 2, 2].</param>
    public MaterialTexels Read(Tensor places, Tensor slopes)
    {
        var (source, count) = (_material.Source, places.shape[0]);
        var colour = _material.BaseColourFactor;
        var glow = _material.EmissiveFactor;
        var rough = Read(_roughnessMetallic, 2) * Row(source.RoughnessFactor, source.MetallicFactor);
        var occluded = (1 - Read(_occlusion, 1)) * source.OcclusionStrength;
        return new MaterialTexels(
            Read(_baseColour, 3) * Row(colour.X, colour.Y, colour.Z),
            cat([occluded, rough], 1),
            _normal is null
                ? Row(0, 0, 1).expand(count, 3)
                : (_normal.Sample(places, slopes) * 2 - 1) * Row(source.NormalScale, source.NormalScale, 1),
            Read(_emissive, 3) * Row(glow.X, glow.Y, glow.Z),
            Coverage());

        Tensor Coverage()
        {
            var alpha = Read(_alpha, 1) * source.BaseColorFactor.W;
            return source.AlphaMode switch
            {
                GlbAlphaMode.Opaque => ones(count, 1),
                GlbAlphaMode.Mask => (alpha >= source.AlphaCutoff).to_type(alpha.dtype),
                _ => alpha.clamp(0, 1),
            };
        }

        Tensor Read(TextureSampler? sampler, int channels) => sampler?.Sample(places, slopes) ?? ones(count, channels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sampler in new[] { _baseColour, _alpha, _roughnessMetallic, _occlusion, _normal, _emissive })
        {
            sampler?.Dispose();
        }
    }

    private static TextureSampler? Of(PbrTexture? texture)
    {
        if (texture is null)
        {
            return null;
        }

        using var texels = texture.ToTensor();
        return new TextureSampler(texels, texture.Sampling);
    }

    private static Tensor Row(params float[] values) => tensor(values, [1, values.Length]);
}
