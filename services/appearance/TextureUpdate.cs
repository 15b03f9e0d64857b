namespace Realiz3D.Mesh.Texturing;

/// <summary>What the pipeline reports while it works.</summary>
internal abstract record TextureUpdate
{
    /// <summary>A step begins.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Count">Steps in all.</param>
    /// <param name="Message">What begins.</param>
    /// <param name="Preview">The asset as it stands, a PNG; empty before there is anything to show.</param>
    public sealed record Step(int Done, int Count, string Message, byte[] Preview) : TextureUpdate;

    /// <summary>The asset is stored.</summary>
    /// <param name="AssetId">Its artifact.</param>
    /// <param name="Coverage">Share of the used texels that a view saw.</param>
    /// <param name="Material">Roughness and metallic, and where they come from.</param>
    /// <param name="TextureSize">Width and height of the textures.</param>
    /// <param name="UnseenId">Artifact of the mask of texels that no view saw.</param>
    public sealed record Finished(
        string AssetId, double Coverage, MaterialChoice Material, int TextureSize, string UnseenId) : TextureUpdate;
}
