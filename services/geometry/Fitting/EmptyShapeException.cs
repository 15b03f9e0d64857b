namespace Realiz3D.Mesh.Shaping;

/// <summary>The masks allow no shape: they are empty, or what one view shows another excludes.</summary>
internal sealed class EmptyShapeException() : Exception(
    "The masks of the views have no common shape: at least one is empty, or they contradict each other everywhere.");
