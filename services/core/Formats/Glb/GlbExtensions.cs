namespace Realiz3D.Mesh.Formats;

/// <summary>Names of the glTF extensions that are read; all but EXT_texture_webp are written too, since textures become PNG.</summary>
internal static class GlbExtensions
{
    public const string EmissiveStrength = "KHR_materials_emissive_strength";
    public const string Ior = "KHR_materials_ior";
    public const string Transmission = "KHR_materials_transmission";
    public const string Clearcoat = "KHR_materials_clearcoat";
    public const string Unlit = "KHR_materials_unlit";
    public const string TextureWebP = "EXT_texture_webp";
    public const string Xmp = "KHR_xmp_json_ld";

    public static readonly string[] Known = [EmissiveStrength, Ior, Transmission, Clearcoat, Unlit, TextureWebP, Xmp];
}
