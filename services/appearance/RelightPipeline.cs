using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>From an asset and an environment to pictures.</summary>
/// <remarks>
/// 1. read the asset  2. make the environment  3. render each view, by split-sum light or by paths, with a preview whenever there is more to
/// see  4. put the environment behind it and tone-map it  5. store pictures and linear views.
/// </remarks>
internal sealed class RelightPipeline(ArtifactStore store)
{
    private const int EnvironmentSize = 128;
    private const float MaxReach = 1;
    private const int PreviewSide = 112;            // RGBA of that size is below 64 KiB even where it does not compress
    private const int PathsPerPass = 1 << 19;       // a second or so

    private static readonly GlbLimits s_limits = new(MaxVertices: 4_000_000, MaxFaces: 2_000_000, MaxTexels: 64L << 20);     // 4 textures of 4096

    /// <summary>Runs the steps; previews as they come, the artifacts at the end.</summary>
    /// <exception cref="ArtifactNotFoundException">An artifact does not exist.</exception>
    /// <exception cref="MalformedFileException">An artifact is not what it should be.</exception>
    public async IAsyncEnumerable<RelightUpdate> RunAsync(RelightJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        var passes = job.Samples is { } samples ? Passes(job.Size, samples) : [1];
        var (done, count) = (0, 2 + (job.Cameras.Count * passes.Length));

        // 1. read
        yield return new RelightUpdate.Step(done++, count, "reading the asset", []);
        var bytes = await store.ReadAsync(job.AssetId, cancel);
        var asset = await Task.Run(() => PbrAsset.Of(Glb.ReadScene(bytes, "the asset artifact", s_limits), "the asset artifact"), cancel);
        if (asset.Reach > MaxReach)
        {
            throw new MalformedFileException(
                "the asset artifact", $"it reaches {asset.Reach:G3} m from the origin, and {MaxReach} m is rendered; scale or move it.");
        }

        // 2. environment
        yield return new RelightUpdate.Step(done++, count, "making the environment", []);
        var hdr = job.EnvironmentId is { } id ? EnvironmentMap.ReadHdr(await store.ReadAsync(id, cancel), "the environment artifact") : null;
        var environment = await Task.Run(() => hdr is null
            ? EnvironmentMap.Of(job.Studio!.Radiance, EnvironmentSize, job.Placement)
            : EnvironmentMap.Of(hdr, EnvironmentSize, job.Placement), cancel);
        using IViewSource source = job.Samples is null
            ? await Task.Run(() => new SplitSumSource(asset, environment), cancel)
            : new PathSource(new PathTracer(asset, environment, job.Bounces));

        var (pictures, views) = (new List<string>(), new List<float>());
        foreach (var camera in job.Cameras)
        {
            float[] rgba = [];
            source.Start(camera, job.Size);
            foreach (var pass in passes)
            {
                // 3. render, 4. finish
                (rgba, var preview) = await Task.Run(
                    () =>
                    {
                        var seen = source.Render(pass, cancel);
                        seen = job.ShowsEnvironment ? Picture.Over(seen, camera, environment) : seen;
                        return (seen, Picture.ToPng(seen, job.Curve, PreviewSide));
                    },
                    cancel);
                yield return new RelightUpdate.Step(done++, count, $"view {pictures.Count + 1} of {job.Cameras.Count}", preview);
            }

            // 5. store
            pictures.Add(await store.PutAsync(Picture.ToPng(rgba, job.Curve), cancel));
            views.AddRange(rgba);
        }

        var set = new ViewSet([.. views], job.Size, [.. job.Cameras.Select(camera => camera.ToView())], "scene", "", 0, "");
        yield return new RelightUpdate.Finished(pictures, await store.PutAsync(set.ToBytes(), cancel), asset.Unread);
    }

    // Samples per pixel of each pass.
    private static int[] Passes(int size, int samples)
    {
        var perPass = Math.Clamp(PathsPerPass / (size * size), 1, samples);
        return [.. Enumerable.Range(0, (samples + perPass - 1) / perPass).Select(pass => Math.Min(perPass, samples - (pass * perPass)))];
    }

    /// <summary>What renders a view in one pass or in several.</summary>
    private interface IViewSource : IDisposable
    {
        /// <summary>Begins a view.</summary>
        void Start(Camera camera, int size);

        /// <summary>Does a pass.</summary>
        /// <returns>The view so far, linear RGB with straight alpha, [4, H, W].</returns>
        float[] Render(int samples, CancellationToken cancel);
    }

    private sealed class SplitSumSource : IViewSource
    {
        private readonly EnvironmentLight _light;
        private readonly SplitSumRenderer _renderer;
        private (Camera Camera, int Size) _view = (CameraRig.At(0, 0), 1);

        public SplitSumSource(PbrAsset asset, EnvironmentMap environment)
        {
            using var texels = environment.ToTensor();
            _light = EnvironmentLight.Of(texels);
            _renderer = new SplitSumRenderer(asset, _light);
        }

        public void Start(Camera camera, int size) => _view = (camera, size);

        public float[] Render(int samples, CancellationToken cancel) => _renderer.Render(_view.Camera, _view.Size, cancel);

        public void Dispose()
        {
            _renderer.Dispose();
            _light.Dispose();
        }
    }

    private sealed class PathSource(PathTracer tracer) : IViewSource
    {
        private Camera _camera = CameraRig.At(0, 0);
        private SampledPicture _picture = new(1);

        public void Start(Camera camera, int size) => (_camera, _picture) = (camera, new SampledPicture(size));

        public float[] Render(int samples, CancellationToken cancel)
        {
            tracer.AddSamples(_picture, _camera, samples, cancel);
            return _picture.ToRgba();
        }

        public void Dispose()
        {
        }
    }
}
