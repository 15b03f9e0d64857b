using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Cameras of other programs, from ours: their worlds have other axes up, and some images other rows first.</summary>
internal static class CameraKind
{
    // Our (x, y, z) is (right, up, front); a world with z up and azimuth 0 on +x has (front, right, up).
    private static readonly double[] s_zUp = [0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1];

    public static void Run(GoldenCase golden)
    {
        if (golden.Has("in/eye"))
        {
            LookAt(golden);
        }
        else if (golden.Has("in/theta_deg"))
        {
            StableDreamFusion(golden);
        }
        else if (!golden.Has("in/elevation_deg"))
        {
            Zero123Plus(golden);
        }
        else
        {
            ThreeStudio(golden);
        }
    }

    private static void LookAt(GoldenCase golden)
    {
        var (eyes, targets, lenses) = (Rows(golden, "in/eye"), Rows(golden, "in/at"), Rows(golden, "in/fovy_deg"));
        double[] up = golden.Args.TryGetProperty("up", out var given) ? [.. given.EnumerateArray().Select(number => number.GetDouble())] : [0, 1, 0];
        double Arg(string name) => golden.Args.GetProperty(name).GetDouble();
        var views = eyes.Zip(targets, (eye, at) => Projections.LookAt(eye, at, up)).ToArray();
        var projections = lenses.Select(lens => Projections.Perspective(Radians(lens[0]), Arg("aspect"), Arg("near"), Arg("far"))).ToArray();
        Compare(golden, "out/view", views);
        Compare(golden, "out/projection", projections);
        Compare(golden, "out/mvp", [.. projections.Zip(views, Projections.Multiply)]);
    }

    private static void ThreeStudio(GoldenCase golden)
    {
        var (height, width) = (golden.Args.GetProperty("height").GetInt32(), golden.Args.GetProperty("width").GetInt32());
        var (near, far) = (golden.Args.GetProperty("near").GetDouble(), golden.Args.GetProperty("far").GetDouble());
        var lenses = Rows(golden, "in/fovy_deg");
        var poses = Rows(golden, "in/azimuth_deg").Zip(Rows(golden, "in/elevation_deg"), Rows(golden, "in/distance"))
            .Select(c => Pose(new Camera(c.First[0], c.Second[0], c.Third[0], 30), s_zUp)).ToArray();
        var projections = lenses.Select(lens =>
        {
            var matrix = Projections.Perspective(Radians(lens[0]), (double)width / height, near, far);
            matrix[5] = -matrix[5];     // its rasterizer's row 0 is the bottom
            return matrix;
        }).ToArray();

        Compare(golden, "out/c2w", poses);
        Compare(golden, "out/proj_mtx", projections);
        Compare(golden, "out/mvp_mtx", [.. projections.Zip(poses, (projection, pose) => Projections.Multiply(projection, Projections.InverseRigid(pose)))]);
        Compare(golden, "out/camera_positions", [.. poses.Select(pose => new[] { pose[3], pose[7], pose[11] })]);
        Compare(golden, "out/rays_d", [.. poses.Zip(lenses, (pose, lens) => Projections.RayDirections(pose, Radians(lens[0]), height, width))]);
        Compare(golden, "out/rays_o", [.. poses.Select(pose => Enumerable.Repeat(new[] { pose[3], pose[7], pose[11] }, height * width).SelectMany(eye => eye).ToArray())]);
    }

    // Its right-hand axis points to the left: the frame is mirrored.
    private static void StableDreamFusion(GoldenCase golden)
    {
        var poses = Rows(golden, "in/theta_deg").Zip(Rows(golden, "in/phi_deg"), Rows(golden, "in/radius"))
            .Select(c => Pose(new Camera(c.Second[0], 90 - c.First[0], c.Third[0], 30))).ToArray();
        foreach (var pose in poses)
        {
            (pose[0], pose[4], pose[8]) = (-pose[0], -pose[4], -pose[8]);
        }

        Compare(golden, "out/pose", poses);
    }

    private static void Zero123Plus(GoldenCase golden)
    {
        var radius = golden.Args.GetProperty("radius").GetDouble();
        Compare(golden, "out/c2w_v1_1", [.. CameraRig.Zero123PlusV11(radius).Select(camera => Pose(camera, s_zUp))]);
        Compare(golden, "out/c2w_v1_2", [.. CameraRig.Zero123PlusV12.Select(camera => Pose(camera with { Radius = radius }, s_zUp))]);
        var focal = 0.5 / Math.Tan(Radians(golden.Args.GetProperty("fov_deg").GetDouble()) / 2);
        Compare(golden, "out/intrinsics_normalized", [[focal, 0, 0.5, 0, focal, 0.5, 0, 0, 1]]);
    }

    private static double[] Pose(Camera camera, double[]? world = null)
    {
        var pose = Projections.InverseRigid(camera.WorldToCamera());
        return world is null ? pose : Projections.Multiply(world, pose);
    }

    private static double[][] Rows(GoldenCase golden, string name)
    {
        var rows = golden.Tensor(name);
        return [.. AssertTensor.Values(rows).Chunk((int)(rows.numel() / rows.shape[0]))];
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static void Compare(GoldenCase golden, string name, double[][] values)
    {
        if (golden.Has(name))
        {
            golden.Compare(name, tensor(values.SelectMany(row => row).Select(value => (float)value).ToArray()).reshape(golden.Tensor(name).shape));
        }
    }
}
