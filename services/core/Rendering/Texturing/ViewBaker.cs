using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How views become a texture.</summary>
/// <param name="TextureSize">Width and height, a power of two.</param>
/// <param name="FacingPower">Exponent of n . v in the weight of a view; larger prefers the view that faces a point most.</param>
/// <param name="DilationTexels">Rings of colour round each chart.</param>
/// <param name="Corrections">How often the textured mesh is shown at the views' cameras and its misses are carried back.</param>
/// <param name="Lit">
/// Whether the views show the object under <see cref="StudioLight"/>, which is divided out; otherwise they show the texture's values
/// themselves: base colour without light, or occlusion, roughness and metallic.
/// </param>
/// <param name="LevelSeams">Whether charts are made to agree where they meet.</param>
public sealed record ViewBakeConfig(
    int TextureSize = 1024, double FacingPower = 4, int DilationTexels = 8, int Corrections = 3, bool Lit = true, bool LevelSeams = true);

/// <summary>Back-projects views onto an unwrapped mesh, and divides the studio light out where they show it.</summary>
/// <remarks>
/// 1. place of every texel on the surface  2. colours of all views, blended by trust in linear RGB and divided by
/// the light  3. what no view saw, along the surface; little trust leans on it too; colour around charts
/// 4. correction: what the textured mesh misses of the views is back-projected in the same way and added. A pixel is an
/// average; read as a point, drawn and averaged again, every edge is blurred twice, and the corrections undo one of the
/// two (iterative back-projection, Irani and Peleg 1991, "Improving resolution by image registration").
/// 5. where charts meet their colours are made the same (<see cref="SeamLevelling"/>).
/// </remarks>
public static class ViewBaker
{
    private const float FillTrust = 0.01f; // how much trust the carried colour has against the views
    private const float SmoothCosine = 0.94f;  // 20 degrees between the normals of a triangle: a round surface
    private const float CreaseCosine = 0.71f;  // 45 degrees: a crease
    private const float CreaseTrust = 5e-4f;   // against the carried colour, which comes from the triangles beside it
    private const float SeenTrust = 1e-5f; // what the flattest look that counts at all still reaches

    /// <summary>Bakes a texture.</summary>
    /// <param name="mesh">The mesh, with texture coordinates; its normals if it has them, else area-weighted ones.</param>
    /// <param name="views">The views; values within 0 and 1.</param>
    /// <param name="config">How, and what the views show.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The texture.</returns>
    public static AlbedoTexture Bake(
        TriangleMesh mesh, ViewSet views, ViewBakeConfig config, CancellationToken cancel = default)
    {
        // 1. texels
        var normals = mesh.Normals ?? mesh.AreaWeightedNormals();
        var texels = new SurfaceTexels(mesh, normals, config.TextureSize);
        var parallel = new ParallelOptions { CancellationToken = cancel };

        // 2. views
        var baked = new BakedView[views.Count];
        Parallel.For(0, baked.Length, parallel, v => baked[v] = new BakedView(views, v, mesh, normals, texels, config));
        var (colors, trusts) = (new Vector3[texels.Pixels.Length], new float[texels.Pixels.Length]);
        Array.ForEach(baked, view => view.AddTrust(trusts));
        var lights = Array.ConvertAll(texels.Normals, normal => config.Lit ? (float)StudioLight.Irradiance(normal.X, normal.Y, normal.Z) : 1);
        Add(baked, view => view.Picture(), lights, colors, trusts, parallel);

        // 3. unseen, and around charts
        var held = config.Lit ? Held(mesh, normals, texels, trusts) : trusts;
        var fill = new SurfaceFill(mesh, texels, trusts, held);
        var texture = Complete(fill, texels, colors, held, config);

        // 4. corrections
        for (var round = 0; round < config.Corrections; round++)
        {
            var shown = new AlbedoTexture(config.TextureSize, texture, Coverage: 0);
            Add(baked, view => view.Misses(shown), lights, colors, trusts, parallel);
            texture = Complete(fill, texels, colors, held, config);
        }

        // 5. seams
        if (config.LevelSeams)
        {
            new SeamLevelling(mesh, texels).Level(texture, levelled => Dilate(levelled, texels, config));
        }

        var unseen = Array.ConvertAll(trusts, trust => trust <= SeenTrust);
        return new AlbedoTexture(
            config.TextureSize,
            texture,
            1 - (unseen.Count(texel => texel) / (double)Math.Max(1, unseen.Length)),
            Unseen(texels, unseen, config));
    }

    // Adds what the pictures have at each texel, blended by trust and freed of the light. Sums are taken view after view, so
    // that the same views give the same texture.
    private static void Add(
        BakedView[] views, Func<BakedView, float[]> picture, float[] lights, Vector3[] colors, float[] trusts, ParallelOptions parallel)
    {
        var pictures = new float[views.Length][];
        Parallel.For(0, views.Length, parallel, view => pictures[view] = picture(views[view]));
        var sums = new Vector3[colors.Length];
        for (var view = 0; view < views.Length; view++)
        {
            views[view].AddColors(pictures[view], sums);
        }

        for (var texel = 0; texel < colors.Length; texel++)
        {
            if (trusts[texel] > 0)
            {
                colors[texel] = Vector3.Clamp(colors[texel] + (sums[texel] / (trusts[texel] * lights[texel])), Vector3.Zero, Vector3.One);
            }
        }
    }

    // Trust in the albedo: that in the colour, less on triangles whose normals differ much. Such a triangle spans a crease; its
    // interpolated normals are those of neither side, and colour divided by their light would be a line along the crease.
    private static float[] Held(TriangleMesh mesh, float[] normals, SurfaceTexels texels, float[] trusts)
    {
        Vector3 Normal(int corner) => new(normals.AsSpan(3 * mesh.Indices[corner], 3));
        var held = new float[trusts.Length];
        for (var texel = 0; texel < held.Length; texel++)
        {
            var corner = 3 * texels.Faces[texel];
            var (a, b, c) = (Normal(corner), Normal(corner + 1), Normal(corner + 2));
            var alike = Math.Min(Vector3.Dot(a, b), Math.Min(Vector3.Dot(b, c), Vector3.Dot(c, a)));
            held[texel] = trusts[texel] * Math.Clamp((alike - CreaseCosine) / (SmoothCosine - CreaseCosine), CreaseTrust, 1);
        }

        return held;
    }

    private static Vector3[] Complete(
        SurfaceFill fill, SurfaceTexels texels, Vector3[] colors, float[] trusts, ViewBakeConfig config)
    {
        fill.Update(colors);
        var texture = new Vector3[config.TextureSize * config.TextureSize];
        for (var i = 0; i < colors.Length; i++)
        {
            texture[texels.Pixels[i]] = ((trusts[i] * colors[i]) + (FillTrust * fill.At(i))) / (trusts[i] + FillTrust);
        }

        Dilate(texture, texels, config);
        return texture;
    }

    private static void Dilate(Vector3[] texture, SurfaceTexels texels, ViewBakeConfig config)
    {
        var used = new bool[texture.Length];
        Array.ForEach(texels.Pixels, pixel => used[pixel] = true);
        TextureDilation.Fill(texture, used, config.TextureSize, config.DilationTexels);
    }

    // Of the texels without surface those that have their colour from an unseen one, [S, S].
    private static bool[] Unseen(SurfaceTexels texels, bool[] unseen, ViewBakeConfig config)
    {
        var marks = new Vector3[config.TextureSize * config.TextureSize];
        for (var i = 0; i < unseen.Length; i++)
        {
            marks[texels.Pixels[i]] = unseen[i] ? Vector3.One : Vector3.Zero;
        }

        Dilate(marks, texels, config);
        return Array.ConvertAll(marks, mark => mark.X > 0);
    }
}
