using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A stored picture of one control in all views.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="ArtifactId">The PNG.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal sealed record ControlSheet(ControlPictureKind Kind, string ArtifactId, int Width, int Height);
