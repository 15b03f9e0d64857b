using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What lies behind surfaces that can be seen through, sample by sample, found by rays.</summary>
/// <param name="asset">The asset.</param>
/// <param name="rays">Rays against its mesh.</param>
/// <param name="camera">The camera.</param>
/// <param name="side">Rows and columns of the samples.</param>
internal sealed class SurfaceLayers(PbrAsset asset, SurfaceRays rays, Camera camera, int side)
{
    /// <summary>Most surfaces that are seen one behind another.</summary>
    public const int Most = 32;

    // What less than a step of an 8-bit picture comes from is not looked for.
    private const float Least = 1f / 512;

    // How far behind a surface the search begins, in the asset's reach, so that it does not find the same one.
    private const float Lift = 1e-4f;

    private readonly Vector3 _eye = Vector(camera.Position());

    /// <summary>The triangles of the next layer.</summary>
    /// <param name="triangles">Those of this one, -1 where there is none, [side, side].</param>
    /// <param name="rest">Share of the light from behind that passes it and all before it, [side, side].</param>
    /// <returns>-1 where nothing lies behind or nothing passes, [side, side].</returns>
    public int[] Next(int[] triangles, float[] rest)
    {
        var next = new int[triangles.Length];
        Array.Fill(next, -1);
        Parallel.For(0, side, row =>
        {
            for (var pixel = row * side; pixel < (row + 1) * side; pixel++)
            {
                if (triangles[pixel] < 0 || rest[pixel] < Least)
                {
                    continue;
                }

                var direction = Vector(camera.RayDirection((pixel % side) + 0.5, row + 0.5, side));
                var distance = Distance(triangles[pixel], direction) + (Lift * asset.Reach);
                if (float.IsFinite(distance) && rays.Nearest(_eye + (distance * direction), direction) is { } hit)
                {
                    next[pixel] = hit.Face;
                }
            }
        });
        return next;
    }

    // To the triangle's plane; not finite for one that is seen from its edge.
    private float Distance(int face, Vector3 direction)
    {
        var normal = asset.FaceNormal(face);
        return Vector3.Dot(normal, asset.Mesh.Position(asset.Mesh.Indices[3 * face]) - _eye) / Vector3.Dot(normal, direction);
    }

    private static Vector3 Vector(double[] components) => new((float)components[0], (float)components[1], (float)components[2]);
}
