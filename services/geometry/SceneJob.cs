using System.Diagnostics.CodeAnalysis;
using Realiz3D.Mesh.Scenes;
using Wire = Realiz3D.Mesh.Contracts.Shaping.V1;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A request to render a procedural object, already checked.</summary>
/// <param name="Scene">The object.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Size">Rows and columns of a view.</param>
internal sealed record SceneJob(SceneObject Scene, ulong Seed, int Size)
{
    private const int MaxCaptionLength = 2000;
    private const int DefaultSize = 64;
    private const int MinSize = 16;
    private const int MaxSize = 512;

    /// <summary>Checks what the client sent. On failure, <paramref name="problem"/> says why in one sentence.</summary>
    public static bool TryParse(
        Wire.RenderSceneRequest wire,
        [NotNullWhen(true)] out SceneJob? job,
        [NotNullWhen(false)] out string? problem)
    {
        var size = wire.HasImageSize ? wire.ImageSize : DefaultSize;
        job = null;
        problem = wire switch
        {
            { SubjectCase: Wire.RenderSceneRequest.SubjectOneofCase.None } => "Either category or caption must be set.",
            { HasCategory: true } when CategoryOf(wire.Category) is null =>
                $"category must be one of {string.Join(", ", Enum.GetNames<SceneCategory>()).ToLowerInvariant()}.",
            { HasCaption: true, Caption.Length: 0 or > MaxCaptionLength } =>
                $"caption must have 1 to {MaxCaptionLength} characters.",
            { HasCaption: true } when Captions.Parse(wire.Caption).Attributes.Category is null =>
                "caption must name a category, such as \"vase\".",
            _ when size is < MinSize or > MaxSize => $"image_size must be {MinSize} to {MaxSize}.",
            _ => null,
        };
        if (problem is not null)
        {
            return false;
        }

        var scene = wire.HasCategory
            ? SceneObject.FromSeed(wire.Seed, CategoryOf(wire.Category))
            : SceneObject.FromCaption(wire.Caption, wire.Seed);
        job = new SceneJob(scene, wire.Seed, size);
        return true;
    }

    // Names only: numbers, which Enum.TryParse takes too, are not names.
    private static SceneCategory? CategoryOf(string name) =>
        Enum.GetValues<SceneCategory>().Cast<SceneCategory?>().FirstOrDefault(
            category => string.Equals(category.ToString(), name, StringComparison.OrdinalIgnoreCase));
}
