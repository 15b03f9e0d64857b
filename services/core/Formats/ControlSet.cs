using System.Globalization;

namespace Realiz3D.Mesh.Formats;

/// <summary>What the numbers of a <see cref="ControlSet"/> refer to.</summary>
/// <param name="CameraNormals">Whether normals have the camera's axes (x right, y up, z towards the viewer), not the world's.</param>
/// <param name="CenterX">x of the middle of the mesh's box, world.</param>
/// <param name="CenterY">y of the middle.</param>
/// <param name="CenterZ">z of the middle.</param>
/// <param name="Scale">2 through the longest side of the box: canonical = (world - middle) scale.</param>
/// <param name="SeparateRanges">Whether each view's depth has a range of its own; otherwise all views share one.</param>
public sealed record ControlFrame(bool CameraNormals, double CenterX, double CenterY, double CenterZ, double Scale, bool SeparateRanges);

/// <summary>Controls of one object in several views: what a painter follows.</summary>
/// <remarks>
/// One safetensors file, version 1. <c>normals</c> F32 [V, 3, H, W], unit, 0 off the object; <c>positions</c> F32 [V, 3, H, W], canonical: the object's box,
/// its longest side scaled to [-1, 1], 0 off the object; <c>depth</c> F32 [V, 1, H, W], metres along the view axis, 0 off the object;
/// <c>inverse_depth</c> F32 [V, 1, H, W], 1 nearest to 0 farthest, linear in 1 / depth, 0 off the object; <c>mask</c> U8 [V, 1, H, W], 1 where the pixel's
/// centre sees the object; <c>cameras</c> F32 [V, 4] as in <see cref="ViewSet"/>; the frame as metadata.
/// Normals and positions in [-1, 1] with background 0 are what the domain shifters' controls are trained on (arXiv:2605.13852, section 5.1).
/// </remarks>
/// <param name="Size">Height and width in pixels, H = W.</param>
/// <param name="Cameras">One per view.</param>
/// <param name="Frame">What the numbers refer to.</param>
/// <param name="Normals">[V, 3, H, W].</param>
/// <param name="Positions">[V, 3, H, W].</param>
/// <param name="Depth">[V, 1, H, W].</param>
/// <param name="InverseDepth">[V, 1, H, W].</param>
/// <param name="Mask">[V, 1, H, W].</param>
public sealed record ControlSet(
    int Size,
    IReadOnlyList<ViewCamera> Cameras,
    ControlFrame Frame,
    float[] Normals,
    float[] Positions,
    float[] Depth,
    float[] InverseDepth,
    byte[] Mask)
{
    /// <summary>Bytes of one pixel of one view.</summary>
    public const int BytesPerPixel = (8 * sizeof(float)) + 1;

    private const string Version = "1";
    private const int MaxViews = 64;
    private const int MaxSize = 2048;
    private const float Slack = 1e-3f; // what rounding may add

    private static readonly (string Name, int Channels)[] s_floats = [("normals", 3), ("positions", 3), ("depth", 1), ("inverse_depth", 1)];

    /// <summary>Number of views, V.</summary>
    public int Count => Cameras.Count;

    /// <summary>Writes a safetensors file: equal controls give equal bytes.</summary>
    /// <param name="stream">Receives the file; a large one is written tensor by tensor.</param>
    public void Write(Stream stream)
    {
        var cameras = Cameras
            .SelectMany(c => new[] { c.AzimuthDegrees, c.ElevationDegrees, c.Radius, c.FieldOfViewDegrees })
            .Select(number => (float)number)
            .ToArray();
        long[] Shape(int channels) => [Count, channels, Size, Size];
        var tensors = s_floats.Zip([Normals, Positions, Depth, InverseDepth])
            .ToDictionary(pair => pair.First.Name, pair => TensorData.From(pair.Second, Shape(pair.First.Channels)));
        tensors["mask"] = new TensorData(ElementKind.U8, Shape(1), Mask);
        tensors["cameras"] = TensorData.From(cameras, [Count, 4]);
        static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
        SafeTensorsWriter.Write(stream, tensors, new Dictionary<string, string>
        {
            ["format"] = "controls",
            ["version"] = Version,
            ["normal_frame"] = Frame.CameraNormals ? "camera" : "world",
            ["position_center"] = $"{Text(Frame.CenterX)} {Text(Frame.CenterY)} {Text(Frame.CenterZ)}",
            ["position_scale"] = Text(Frame.Scale),
            ["depth_range"] = Frame.SeparateRanges ? "view" : "all",
        });
    }

    /// <summary>Reads controls under limits: at most 64 views of at most 2048 pixels a side, every number within its range.</summary>
    /// <param name="bytes">A safetensors file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The controls.</returns>
    /// <exception cref="MalformedFileException">A tensor is missing, misshapen or out of range, or the version is another one.</exception>
    public static ControlSet Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        using var file = SafeTensorsFile.Parse(bytes, name);
        var frame = ReadFrame(file);
        var shape = file.Entry("mask").Shape;
        if (shape.Count != 4 || shape[0] is < 1 or > MaxViews || shape[2] is < 1 or > MaxSize)
        {
            throw new MalformedFileException(name, $"\"mask\" must be U8 [1 to {MaxViews}, 1, H, H], is [{string.Join(", ", shape)}].");
        }

        var (count, size) = (shape[0], shape[2]);
        Require(file, "mask", ElementKind.U8, [count, 1, size, size]);
        Require(file, "cameras", ElementKind.F32, [count, 4]);
        foreach (var (tensor, channels) in s_floats)
        {
            Require(file, tensor, ElementKind.F32, [count, channels, size, size]);
        }

        var set = new ControlSet(
            (int)size,
            ViewCamera.Read(file.ReadFloats("cameras"), name),
            frame,
            file.ReadFloats("normals"),
            file.ReadFloats("positions"),
            file.ReadFloats("depth"),
            file.ReadFloats("inverse_depth"),
            file.ReadBytes("mask"));
        return set.Fault() is { } fault ? throw new MalformedFileException(name, fault) : set;
    }

    private static ControlFrame ReadFrame(SafeTensorsFile file)
    {
        string Said(string key) => file.Metadata.GetValueOrDefault(key, "");
        if (Said("format") != "controls" || Said("version") != Version)
        {
            throw new MalformedFileException(file.Name, $"no controls of version {Version}: metadata say format \"{Said("format")}\", version \"{Said("version")}\".");
        }

        var numbers = $"{Said("position_center")} {Said("position_scale")}".Split(' ')
            .Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)
            .ToArray();
        if (numbers.Length != 4 || !Array.TrueForAll(numbers, double.IsFinite) || numbers[3] <= 0
            || Said("normal_frame") is not ("world" or "camera") || Said("depth_range") is not ("all" or "view"))
        {
            throw new MalformedFileException(
                file.Name, "metadata need position_center (three numbers), position_scale (above 0), normal_frame (world or camera) and depth_range (all or view).");
        }

        return new ControlFrame(Said("normal_frame") == "camera", numbers[0], numbers[1], numbers[2], numbers[3], Said("depth_range") == "view");
    }

    private static void Require(SafeTensorsFile file, string tensor, ElementKind kind, long[] shape)
    {
        var entry = file.Entry(tensor);
        if (entry.Kind != kind || !entry.Shape.SequenceEqual(shape))
        {
            throw new MalformedFileException(
                file.Name, $"\"{tensor}\" must be {kind} [{string.Join(", ", shape)}], is {entry.Kind} [{string.Join(", ", entry.Shape)}].");
        }
    }

    // NaN fails every comparison that must hold.
    private string? Fault()
    {
        var plane = Size * Size;
        for (var i = 0; i < Mask.Length; i++)
        {
            if (Mask[i] > 1)
            {
                return "\"mask\" must be 0 or 1.";
            }

            var (first, seen) = ((i / plane * 3 * plane) + (i % plane), Mask[i] == 1);
            var squared = 0f;
            for (var at = first; at < first + (3 * plane); at += plane)
            {
                squared += Normals[at] * Normals[at];
                if (!(Math.Abs(Positions[at]) <= (seen ? 1 + Slack : 0)))
                {
                    return "\"positions\" must be in [-1, 1], and 0 off the mask.";
                }
            }

            if (!(Math.Abs(squared - (seen ? 1 : 0)) <= (seen ? Slack : 0)))
            {
                return "\"normals\" must be unit vectors, and 0 off the mask.";
            }

            if (!(seen ? Depth[i] > 0 && float.IsFinite(Depth[i]) : Depth[i] == 0))
            {
                return "\"depth\" must be above 0, and 0 off the mask.";
            }

            if (!(seen ? InverseDepth[i] is >= 0 and <= 1 : InverseDepth[i] == 0))
            {
                return "\"inverse_depth\" must be in [0, 1], and 0 off the mask.";
            }
        }

        return null;
    }
}
