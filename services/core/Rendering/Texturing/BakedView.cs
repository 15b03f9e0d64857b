using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>One view while it is being baked: which texels it sees where, and what the mesh shows at its camera.</summary>
/// <remarks>Both stay the same for every round of corrections, and are worked out once.</remarks>
internal sealed class BakedView
{
    private const float Inside = 0.5f; // coverage from which a pixel's miss counts

    private readonly List<(int Texel, Look Look)> _looks = [];
    private readonly SurfaceSamples _samples;
    private readonly ViewSet _views;
    private readonly int _view;

    /// <param name="views">The views.</param>
    /// <param name="view">Which of them.</param>
    /// <param name="mesh">The mesh.</param>
    /// <param name="normals">Its vertices' normals, [3P].</param>
    /// <param name="texels">Its texels.</param>
    /// <param name="config">How, and what the views show.</param>
    public BakedView(ViewSet views, int view, TriangleMesh mesh, float[] normals, SurfaceTexels texels, ViewBakeConfig config)
    {
        (_views, _view) = (views, view);
        var camera = Camera.Of(views.Cameras[view]);
        var buffer = FragmentBuffer.OfView(mesh, camera, views.Size * SurfaceSamples.PerSide(views.Size));
        _samples = new SurfaceSamples(mesh, normals, buffer, views.Size, config.Lit);
        var sampler = new ViewSampler(camera, views.View(view)[(3 * views.Size * views.Size)..], buffer, _samples.Lights, config.FacingPower);
        for (var texel = 0; texel < texels.Pixels.Length; texel++)
        {
            var look = sampler.At(texels.Positions[texel], texels.Normals[texel]);
            if (look.Trust > 0)
            {
                _looks.Add((texel, look));
            }
        }

        _samples.ForgetLights();
    }

    /// <summary>Adds the trust in each texel.</summary>
    public void AddTrust(float[] trusts)
    {
        foreach (var (texel, look) in _looks)
        {
            trusts[texel] += look.Trust;
        }
    }

    /// <summary>Adds what a picture at the view's camera has at each texel, times the trust.</summary>
    /// <param name="picture">Its first three planes are read, [3 or more, H, W].</param>
    /// <param name="sums">One per texel.</param>
    public void AddColors(float[] picture, Vector3[] sums)
    {
        var (size, plane) = (_views.Size, _views.Size * _views.Size);
        foreach (var (texel, look) in _looks)
        {
            for (var tap = 0; tap < 4; tap++)
            {
                var pixel = (Math.Clamp(look.Row + (tap / 2), 0, size - 1) * size) + Math.Clamp(look.Column + (tap % 2), 0, size - 1);
                sums[texel] += look.Trust * look.Weights[tap] * new Vector3(picture[pixel], picture[plane + pixel], picture[(2 * plane) + pixel]);
            }
        }
    }

    /// <summary>The view itself, linear RGB with alpha, [4, H, W].</summary>
    public float[] Picture() => _views.View(_view);

    /// <summary>View minus asset, linear RGB, where both cover the pixel; 0 elsewhere, [3, H, W].</summary>
    /// <param name="texture">The asset's texture as it stands.</param>
    public float[] Misses(AlbedoTexture texture)
    {
        var (wanted, shown) = (Picture(), _samples.Show(texture));
        var plane = _views.Size * _views.Size;
        var misses = new float[3 * plane];
        for (var value = 0; value < misses.Length; value++)
        {
            var alpha = (3 * plane) + (value % plane);
            misses[value] = wanted[alpha] > Inside && shown[alpha] > Inside ? wanted[value] - shown[value] : 0;
        }

        return misses;
    }
}
