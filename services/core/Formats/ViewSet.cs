using System.Globalization;

namespace Realiz3D.Mesh.Formats;

/// <summary>Camera of one view, looking at the origin from a sphere around it.</summary>
/// <param name="AzimuthDegrees">0 looks at the front (+Z), grows towards +X.</param>
/// <param name="ElevationDegrees">Above the horizon.</param>
/// <param name="Radius">Distance to the origin, metres.</param>
/// <param name="FieldOfViewDegrees">Full angle of the square image.</param>
public sealed record ViewCamera(
    double AzimuthDegrees, double ElevationDegrees, double Radius, double FieldOfViewDegrees)
{
    private const string Range = "a radius of 0.1 to 100, a field of view of 1 to 170 and an elevation of -90 to 90 degrees";

    /// <summary>Checks a camera from outside.</summary>
    /// <returns>Null for one that can be used, otherwise what a camera needs.</returns>
    public string? Fault() =>
        double.IsFinite(AzimuthDegrees) && Radius is >= 0.1 and <= 100 && FieldOfViewDegrees is >= 1 and <= 170 && ElevationDegrees is >= -90 and <= 90
            ? null
            : $"a camera needs {Range}.";

    /// <summary>Cameras as they are stored, [V, 4].</summary>
    internal static ViewCamera[] Read(float[] numbers, string file)
    {
        var cameras = Enumerable.Range(0, numbers.Length / 4)
            .Select(v => new ViewCamera(numbers[4 * v], numbers[(4 * v) + 1], numbers[(4 * v) + 2], numbers[(4 * v) + 3]))
            .ToArray();
        return cameras.Select(camera => camera.Fault()).FirstOrDefault(fault => fault is not null) is { } fault
            ? throw new MalformedFileException(file, fault)
            : cameras;
    }
}

/// <summary>The views of one object: what passes from the first stage on.</summary>
/// <remarks>
/// One safetensors file: <c>rgba</c> F32 [V, 4, H, W], linear RGB in [0, 1] (relit views go beyond 1) with straight alpha; <c>cameras</c> F32
/// [V, 4] as (azimuth, elevation, radius, field of view), degrees; metadata as below.
/// </remarks>
/// <param name="Rgba">Pixels, [V, 4, H, W].</param>
/// <param name="Size">Height and width in pixels, H = W.</param>
/// <param name="Cameras">One per view.</param>
/// <param name="Source">"model" for painted views, "scene" for exact renders.</param>
/// <param name="Prompt">The words behind the views.</param>
/// <param name="Seed">Seed of the views.</param>
/// <param name="ModelHash">Hash of the weights that painted them; empty for a scene.</param>
public sealed record ViewSet(
    float[] Rgba,
    int Size,
    IReadOnlyList<ViewCamera> Cameras,
    string Source,
    string Prompt,
    long Seed,
    string ModelHash)
{
    private const int MaxViews = 64;
    private const int MaxSize = 2048;

    /// <summary>Whether they come from a model, and so agree with each other only roughly.</summary>
    public bool ArePainted => Source != "scene";

    /// <summary>Number of views, V.</summary>
    public int Count => Cameras.Count;

    /// <summary>Pixels of one view.</summary>
    /// <param name="view">0 to V-1.</param>
    /// <returns>Linear RGB with straight alpha, [4, H, W]; a copy.</returns>
    public float[] View(int view) => Rgba[(view * 4 * Size * Size)..((view + 1) * 4 * Size * Size)];

    /// <summary>Serialises: equal views give equal bytes.</summary>
    /// <returns>A safetensors file.</returns>
    public byte[] ToBytes()
    {
        var cameras = Cameras
            .SelectMany(c => new[] { c.AzimuthDegrees, c.ElevationDegrees, c.Radius, c.FieldOfViewDegrees })
            .Select(number => (float)number)
            .ToArray();
        return SafeTensorsWriter.ToBytes(
            new Dictionary<string, TensorData>
            {
                ["rgba"] = TensorData.From(Rgba, [Count, 4, Size, Size]),
                ["cameras"] = TensorData.From(cameras, [Count, 4]),
            },
            new Dictionary<string, string>
            {
                ["source"] = Source,
                ["prompt"] = Prompt,
                ["seed"] = Seed.ToString(CultureInfo.InvariantCulture),
                ["model_hash"] = ModelHash,
            });
    }

    /// <summary>Reads views under limits: at most 64 of at most 2048 pixels a side, finite numbers.</summary>
    /// <param name="bytes">A safetensors file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The views.</returns>
    /// <exception cref="MalformedFileException">A tensor is missing, misshapen or not finite.</exception>
    public static ViewSet Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        using var file = SafeTensorsFile.Parse(bytes, name);
        var shape = file.Entry("rgba").Shape;
        if (shape.Count != 4 || shape[0] is < 1 or > MaxViews || shape[1] != 4
            || shape[2] is < 1 or > MaxSize || shape[2] != shape[3] || file.Entry("rgba").Kind != ElementKind.F32)
        {
            throw new MalformedFileException(
                name, $"\"rgba\" must be F32 [1 to {MaxViews}, 4, H, H], is [{string.Join(", ", shape)}].");
        }

        if (!file.Entry("cameras").Shape.SequenceEqual([shape[0], 4]))
        {
            throw new MalformedFileException(
                name, $"\"cameras\" must be [{shape[0]}, 4], is [{string.Join(", ", file.Entry("cameras").Shape)}].");
        }

        var rgba = file.ReadFloats("rgba");
        var numbers = file.ReadFloats("cameras");
        if (!Array.TrueForAll(rgba, float.IsFinite) || !Array.TrueForAll(numbers, float.IsFinite))
        {
            throw new MalformedFileException(name, "the views hold numbers that are not finite.");
        }

        var cameras = ViewCamera.Read(numbers, name);
        _ = long.TryParse(file.Metadata.GetValueOrDefault("seed"), CultureInfo.InvariantCulture, out var seed);
        return new ViewSet(
            rgba,
            (int)shape[2],
            cameras,
            file.Metadata.GetValueOrDefault("source", ""),
            file.Metadata.GetValueOrDefault("prompt", ""),
            seed,
            file.Metadata.GetValueOrDefault("model_hash", ""));
    }
}
