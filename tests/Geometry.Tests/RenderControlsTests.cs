using Grpc.Core;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Testing;
using Kind = Realiz3D.Mesh.Contracts.Shaping.V1.ControlKind;

namespace Realiz3D.Mesh.Geometry.Tests;

/// <summary>Calls of <c>RenderControls</c> over loopback.</summary>
public sealed class RenderControlsTests(RunningGeometry geometry) : IClassFixture<RunningGeometry>
{
    private static RigCameras V12 => new() { Name = RigName.Zero123PlusV12 };

    [Fact]
    public async Task Rig_StreamsAViewAtATime_AndStoresControlsAndPictures()
    {
        var answers = await geometry.RenderAsync(new RenderControlsRequest
        {
            MeshArtifactId = await geometry.PutAsync(Solids.Torus(4, 1.5, 40, 20)), // too large by a factor of eleven
            Rig = V12,
            ImageSize = 48,
            FitsSphere = true,
            PictureKinds = { Kind.Normals, Kind.Depth },
        });

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], answers.SkipLast(1).Select(answer => answer.Progress.Step).Distinct());
        var shown = answers.SkipLast(1).Where(answer => answer.Progress.PreviewPng.Length > 0).ToArray();
        Assert.Equal([1, 2, 3, 4, 5, 6], shown.Select(answer => answer.Progress.Step));
        Assert.All(shown, answer => Assert.InRange(answer.Progress.PreviewPng.Length, 100, 64 * 1024));
        var result = answers[^1].Result;
        Assert.Equal(0.5 / 5.5, result.Placement.Scale, 1e-6);
        Assert.Equal(0, Math.Abs(result.Placement.CenterX) + Math.Abs(result.Placement.CenterY) + Math.Abs(result.Placement.CenterZ), 1e-6);
        var set = ControlSet.Parse(await geometry.Store.ReadAsync(result.ControlsArtifactId), "controls");
        Assert.Equal((6, 48), (set.Count, set.Size));
        Assert.Equal(CameraRig.Zero123PlusV12.Select(c => c.AzimuthDegrees), set.Cameras.Select(c => c.AzimuthDegrees));
        Assert.Equal(result.Cameras.Select(c => c.ElevationDegrees), CameraRig.Zero123PlusV12.Select(c => c.ElevationDegrees));
        Assert.All(Enumerable.Range(0, 6), v => Assert.Equal(
            set.Mask.AsSpan(v * 2304, 2304).ToArray().Average(m => (double)m), result.Coverages[v], 1e-12));
        Assert.All(result.Coverages, coverage => Assert.InRange(coverage, 0.15, 0.6));
        Assert.Equal([(Kind.Normals, 96, 144), (Kind.Depth, 96, 144)], result.Pictures.Select(picture => (picture.Kind, picture.Width, picture.Height)));
        var depth = Png.Read(await geometry.Store.ReadAsync(result.Pictures[1].ImageArtifactId), "depth");
        Assert.Equal(ControlPicture.Sheet(set, ControlPictureKind.Depth, 2).Bytes, depth.ToBytes());
    }

    [Fact]
    public async Task Orbit_GivesTheCamerasDefaults_AndTheNormalsTheirAxes()
    {
        var result = (await geometry.RenderAsync(new RenderControlsRequest
        {
            MeshArtifactId = await geometry.PutAsync(Solids.Cube(0.5f)),
            Orbit = new OrbitCameras { Cameras = { new OrbitCamera { AzimuthDegrees = 90 }, new OrbitCamera { Radius = 3, FieldOfViewDegrees = 40 } } },
            ImageSize = 17,
            NormalFrame = NormalFrame.Camera,
            SeparatesDepthRanges = true,
            PictureKinds = { Kind.Mask },
            ColumnCount = 1,
        }))[^1].Result;

        var set = ControlSet.Parse(await geometry.Store.ReadAsync(result.ControlsArtifactId), "controls");
        Assert.Equal(new ViewCamera(90, 0, (float)CameraRig.Radius, 30), set.Cameras[0]);
        Assert.Equal(new ViewCamera(0, 0, 3, 40), set.Cameras[1]);
        Assert.Null(result.Placement);
        Assert.Equal((true, true), (set.Frame.CameraNormals, set.Frame.SeparateRanges));
        Assert.Equal((17, 34), (result.Pictures[0].Width, result.Pictures[0].Height));
        const int middle = (8 * 17) + 8;
        Assert.Equal(1, set.Normals[(2 * 289) + middle], 1e-6); // the side faces the camera
        Assert.Equal(CameraRig.Radius - 0.25, set.Depth[middle], 1e-6);
        Assert.Equal(2.75, set.Depth[289 + middle], 1e-6);
    }

    [Theory]
    [InlineData(SceneCategory.Vase)]
    [InlineData(SceneCategory.Mug)]
    public async Task MeshOfAScene_HasTheControlsOfItsExactRender(SceneCategory category)
    {
        const int size = 64;
        const int cells = 64;
        var scene = SceneObject.FromSeed(7, category);
        var result = (await geometry.RenderAsync(new RenderControlsRequest
        {
            MeshArtifactId = await geometry.PutAsync(SceneSurface.Of(scene, cells)), Rig = V12, ImageSize = size,
        }))[^1].Result;
        var set = ControlSet.Parse(await geometry.Store.ReadAsync(result.ControlsArtifactId), "controls");
        using var truth = SceneRenderer.Render(scene, CameraRig.Zero123PlusV12, size);
        var (depth, mask) = (truth.Depth.data<float>().ToArray(), truth.Mask.data<float>().ToArray());
        var (normals, positions) = (truth.Normals.data<float>().ToArray(), truth.Positions.data<float>().ToArray());

        var (differ, either) = (0, 0);
        var (depths, places, angles) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < mask.Length; i++)
        {
            either += mask[i] == 1 || set.Mask[i] == 1 ? 1 : 0;
            differ += mask[i] != set.Mask[i] ? 1 : 0;
            if (mask[i] == 0 || set.Mask[i] == 0)
            {
                continue;
            }

            var at = (i / (size * size) * 3 * size * size) + (i % (size * size));
            double[] center = [set.Frame.CenterX, set.Frame.CenterY, set.Frame.CenterZ];
            var (place, dot) = (0.0, 0.0);
            for (var c = 0; c < 3; c++, at += size * size)
            {
                place += Math.Pow((set.Positions[at] / set.Frame.Scale) + center[c] - positions[at], 2);
                dot += (double)set.Normals[at] * normals[at];
            }

            depths.Add(Math.Abs(set.Depth[i] - depth[i]));
            places.Add(Math.Sqrt(place));
            angles.Add(Math.Acos(Math.Clamp(dot, -1, 1)) * 180 / Math.PI);
        }

        // A surface between grid points a cell apart: smooth parts err by the cell's square, edges and rims by a share of the cell.
        const double cell = 1.0 / cells;
        Assert.InRange(differ / (double)either, 0, 0.02);
        Assert.InRange(Quantile(depths, 0.5), 0, cell / 16);
        Assert.InRange(Quantile(depths, 0.95), 0, cell);
        Assert.InRange(Quantile(places, 0.5), 0, cell / 16);
        Assert.InRange(Quantile(places, 0.95), 0, cell);
        Assert.InRange(Quantile(angles, 0.5), 0, 3);
        Assert.InRange(Quantile(angles, 0.9), 0, 15);
    }

    public static TheoryData<Action<RenderControlsRequest>, string> BadRequests => new()
    {
        { r => r.MeshArtifactId = "x", "mesh_artifact_id must be 64" },
        { r => r.ImageSize = 15, "image_size must be 16 to 1024." },
        { r => r.ImageSize = 1025, "image_size must be 16 to 1024." },
        { r => r.NormalFrame = NormalFrame.Unspecified, "normal_frame must be NORMAL_FRAME_WORLD" },
        { r => r.ColumnCount = 0, "column_count must be 1 to 64." },
        { r => r.PictureKinds.Add(Kind.Unspecified), "picture_kinds must name each" },
        { r => r.PictureKinds.AddRange([Kind.Mask, Kind.Mask]), "picture_kinds must name each" },
        { r => r.ClearCameras(), "rig or orbit must be set." },
        { r => r.Rig = new RigCameras(), "rig.name must be" },
        { r => r.Rig.Radius = 2, "rig.radius must not be set for ZERO123PLUS_V12" },
        { r => r.Rig = new RigCameras { Name = RigName.Zero123PlusV11, Radius = 101 }, "rig.radius must be 0.1 to 100." },
        { r => r.Orbit = new OrbitCameras(), "orbit.cameras must be 1 to 64." },
        { r => r.Orbit = Many(65), "orbit.cameras must be 1 to 64." },
        { r => r.Orbit = new OrbitCameras { Cameras = { new OrbitCamera { ElevationDegrees = 91 } } }, "orbit.cameras[0]: a camera needs a radius" },
        { r => r.Orbit = new OrbitCameras { Cameras = { new OrbitCamera { AzimuthDegrees = double.NaN } } }, "orbit.cameras[0]: a camera needs a radius" },
        { r => r.Orbit = new OrbitCameras { Cameras = { new OrbitCamera(), new OrbitCamera { AzimuthDegrees = 4000 } } }, "orbit.cameras[1].azimuth_degrees must be" },
        { r => (r.Orbit, r.ImageSize) = (Many(64), 512), "64 views of 512 x 512 pixels are too many" },
        { r => r.Orbit = new OrbitCameras { Cameras = { new OrbitCamera { Radius = 0.2, FieldOfViewDegrees = 1, AzimuthDegrees = 10 } } }, "No camera sees the mesh" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task RequestThatCannotBe_IsRefused(Action<RenderControlsRequest> change, string reason)
    {
        // A small cube to one side: most cameras see it.
        var request = new RenderControlsRequest { MeshArtifactId = await geometry.PutAsync(Solids.Cube(0.1f, 0, 0.3f)), Rig = V12, ImageSize = 16 };
        change(request);

        var failure = await Assert.ThrowsAsync<RpcException>(() => geometry.RenderAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.StartsWith(reason, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task V11_TakesItsDistance()
    {
        var request = new RenderControlsRequest
        {
            MeshArtifactId = await geometry.PutAsync(Solids.Cube(0.3f)), Rig = new RigCameras { Name = RigName.Zero123PlusV11 }, ImageSize = 16,
        };
        Assert.All((await geometry.RenderAsync(request))[^1].Result.Cameras, camera => Assert.Equal(1.5, camera.Radius));

        request.Rig.Radius = 2.5;
        var cameras = (await geometry.RenderAsync(request))[^1].Result.Cameras;
        Assert.Equal(CameraRig.Zero123PlusV11(2.5).Select(c => (c.ElevationDegrees, c.Radius)), cameras.Select(c => (c.ElevationDegrees, c.Radius)));
    }

    private static OrbitCameras Many(int count)
    {
        var orbit = new OrbitCameras();
        orbit.Cameras.AddRange(Enumerable.Range(0, count).Select(_ => new OrbitCamera()));
        return orbit;
    }

    private static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
}
