using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What each sample of a view shows of a mesh: its place in the texture and the light there. Any texture is shown by it.</summary>
/// <remarks>A pixel has n x n samples; n is four, less for pictures so large that their samples would fill the memory.</remarks>
internal sealed class SurfaceSamples
{
    private const int MostPerSide = 4;
    private const int LargestSide = 2048; // samples along a picture's side from which n shrinks

    private readonly int _size;
    private readonly int _perPixel;
    private readonly List<(int Pixel, Vector2 Place, float Light)> _samples = [];

    /// <param name="mesh">The mesh.</param>
    /// <param name="normals">Its vertices' normals, [3P].</param>
    /// <param name="buffer">The mesh as the camera sees it, n times as fine as the picture.</param>
    /// <param name="size">Width and height of the picture.</param>
    /// <param name="lit">Whether the picture has the texture in this light, or as it is.</param>
    public SurfaceSamples(TriangleMesh mesh, float[] normals, FragmentBuffer buffer, int size, bool lit = true)
    {
        var side = buffer.Size / size;
        (_size, _perPixel) = (size, side * side);
        Lights = new float[buffer.Face.Length];
        for (var sample = 0; sample < buffer.Face.Length; sample++)
        {
            if (buffer.Face[sample] >= 0)
            {
                var (row, column) = Math.DivRem(sample, buffer.Size);
                var shown = Sample(mesh, normals, buffer, sample, (row / side * size) + (column / side));
                Lights[sample] = shown.Light;
                _samples.Add(lit ? shown : shown with { Light = 1 });
            }
        }
    }

    /// <summary>The light at each sample, 0 where it does not hit the mesh, [n H, n W].</summary>
    public float[] Lights { get; private set; }

    /// <summary>Lets the lights go, once they are read.</summary>
    public void ForgetLights() => Lights = [];

    /// <summary>Samples along a pixel's side, n.</summary>
    public static int PerSide(int size) => Math.Clamp(LargestSide / size, 1, MostPerSide);

    /// <summary>Linear RGB with straight alpha, the share of a pixel's samples that hit the mesh, [4, H, W].</summary>
    public float[] Show(AlbedoTexture? texture)
    {
        var sums = new Vector4[_size * _size];
        foreach (var (pixel, place, light) in _samples)
        {
            sums[pixel] += new Vector4((texture?.At(place) ?? Vector3.One) * light, 1);
        }

        var rgba = new float[4 * sums.Length];
        for (var pixel = 0; pixel < sums.Length; pixel++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                rgba[(channel * sums.Length) + pixel] = sums[pixel].W > 0 ? sums[pixel][channel] / sums[pixel].W : 0;
            }

            rgba[(3 * sums.Length) + pixel] = sums[pixel].W / _perPixel;
        }

        return rgba;
    }

    private static (int Pixel, Vector2 Place, float Light) Sample(
        TriangleMesh mesh, float[] normals, FragmentBuffer buffer, int sample, int pixel)
    {
        var (face, u, v) = (buffer.Face[sample], buffer.U[sample], buffer.V[sample]);
        Span<float> weights = [u, v, 1 - u - v];
        var (normal, place) = (Vector3.Zero, Vector2.Zero);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = mesh.Indices[(3 * face) + corner];
            normal += weights[corner] * new Vector3(normals[3 * vertex], normals[(3 * vertex) + 1], normals[(3 * vertex) + 2]);
            place += mesh.Uvs is null ? Vector2.Zero : weights[corner] * new Vector2(mesh.Uvs[2 * vertex], mesh.Uvs[(2 * vertex) + 1]);
        }

        normal = normal.LengthSquared() > 0 ? Vector3.Normalize(normal) : Vector3.UnitY;
        return (pixel, place, (float)StudioLight.Irradiance(normal.X, normal.Y, normal.Z));
    }
}
