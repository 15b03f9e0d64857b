using System.ComponentModel.DataAnnotations;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Settings of the service, validated at its start.</summary>
internal sealed class AppearanceOptions
{
    public const string Section = "Appearance";

    /// <summary>Width and height of textures when a request does not say, a power of two.</summary>
    [AllowedValues(64, 128, 256, 512, 1024, 2048, 4096)]
    public int TextureSize { get; set; } = 1024;

    /// <summary>Most triangles of a mesh.</summary>
    [Range(1, 2_000_000)]
    public int MaxFaces { get; set; } = 200_000;

    /// <summary>Most triangles of a detailed mesh that is baked from.</summary>
    [Range(1, 5_000_000)]
    public int MaxDetailFaces { get; set; } = 2_000_000;

    /// <summary>Longest time for unwrapping, in seconds.</summary>
    [Range(1, 3600)]
    public int UnwrapSeconds { get; set; } = 60;

    /// <summary>Calls that may wait while one works.</summary>
    [Range(0, 1000)]
    public int QueueLength { get; set; } = 16;

    /// <summary>How a mesh is laid flat: 8 texels of padding at 1024, what stays apart through three mip levels.</summary>
    /// <param name="size">Width and height of the texture.</param>
    public UnwrapConfig UnwrapConfig(int size) => new(size, Math.Max(2, size / 128), MaxFaces, TimeSpan.FromSeconds(UnwrapSeconds));
}
