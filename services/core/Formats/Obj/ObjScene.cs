using System.Numerics;

namespace Realiz3D.Mesh.Formats;

/// <summary>Joins an OBJ file, its materials and their pictures to a scene, with a part for each material that is worn.</summary>
/// <remarks>
/// Ns means a roughness only where Pr says none: a highlight (n . h)^Ns is about as wide as that of GGX with alpha^2 = 2 / (Ns + 2), alpha being
/// the roughness squared (Walter et al. 2007, section 5.2). Of a texture without its factor (Kd, Pr, Pm, Ke) the factor is 1.
/// </remarks>
public static class ObjScene
{
    /// <summary>Joins them.</summary>
    /// <param name="model">The OBJ file.</param>
    /// <param name="materials">Its materials; the first of a name counts.</param>
    /// <param name="picture">The picture of a name, PNG, JPEG or WebP; null where there is none.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <param name="limits">What the pictures may cost; the defaults when null.</param>
    /// <returns>The scene, and what of the files it does not hold, one sentence each.</returns>
    /// <exception cref="MalformedFileException">A picture is broken, or they are too large together.</exception>
    public static (GlbScene Scene, IReadOnlyList<string> Losses) Of(
        ObjModel model, IReadOnlyList<MtlMaterial> materials, Func<string, byte[]?> picture, string name, GlbLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(materials);
        ArgumentNullException.ThrowIfNull(picture);
        var losses = new List<string>();
        var looks = new MtlLooks(picture, name, limits ?? new GlbLimits(), losses);
        var (parts, worn, unknown) = (new List<GlbPart>(), new List<GlbMaterial>(), new List<string>());
        var named = materials.DistinctBy(material => material.Name).ToDictionary(material => material.Name);
        foreach (var group in model.Groups.GroupBy(group => group.Material))
        {
            if (parts.Count == Mtl.MostMaterials)
            {
                throw new MalformedFileException(name, $"its faces wear more than {Mtl.MostMaterials} materials.");
            }

            if (!named.TryGetValue(group.Key, out var material) && named.Count > 0 && group.Key.Length > 0)
            {
                unknown.Add(group.Key);
            }

            parts.Add(new GlbPart(model.Part(group), Matrix4x4.Identity, worn.Count));
            worn.Add(looks.Of(material ?? new MtlMaterial(group.Key)));
        }

        if (unknown.Count > 0)
        {
            var others = unknown.Count > 1 ? $" and {unknown.Count - 1} more" : "";
            losses.Add($"The material {unknown[0]}{others} stands in no material file; it is shown as plaster.");
        }

        return (new GlbScene(parts, worn, null), losses);
    }
}
