using System.Globalization;
using System.Runtime.InteropServices;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Unet;

/// <summary>Our U-Net beside the same network in PyTorch, on the same libtorch and the same weights: time and memory of a step.</summary>
/// <remarks>
/// 1. SD 2.1's topology, narrow, with drawn weights, written to a file. 2. For each side a process for time and one for memory.
/// 3. Both must predict the same. 4. For each batch size the sides take turns; medians count. Memory is what a step has resident at
/// its peak beyond what lies there at rest, where blocks go back to the kernel as soon as they are free.
/// </remarks>
internal static class UnetBench
{
    private const int LatentSide = 32;

    private static readonly UNetConfig Config = new()
    {
        SampleSize = LatentSide, BlockOutChannels = [64, 128, 256, 256], AttentionHeadDim = (int[])[1, 2, 4, 4],
        CrossAttentionDim = 1024, UseLinearProjection = true,
    };

    /// <summary>Runs the bench.</summary>
    /// <param name="python">A Python with PyTorch.</param>
    /// <param name="rounds">Turns of each side per batch size.</param>
    /// <param name="cancel">Stops before the next turn.</param>
    /// <returns>Whether ours is never slower and never needs more memory.</returns>
    public static bool Run(string python, int rounds, CancellationToken cancel)
    {
        // 1.
        var folder = Directory.CreateTempSubdirectory("bench-unet").FullName;
        using (var unet = new UNet2DConditionModel(Config))
        using (var generator = new Generator(1))
        {
            unet.Initialise(generator);
            ModelFolder.Save(unet, Config, folder);
            Print($"SD 2.1's topology at widths [{string.Join(", ", Config.BlockOutChannels)}], latent {LatentSide} x {LatentSide}, "
                + $"{unet.parameters().Sum(p => p.NumberOfElements) / 1e6:F1} M parameters, {get_num_threads()} threads");
        }

        // 2.
        using var ours = Ours(folder, BenchMeasure.Time);
        using var theirs = Theirs(python, folder, BenchMeasure.Time);
        using var oursInMemory = Ours(folder, BenchMeasure.Memory);
        using var theirsInMemory = Theirs(python, folder, BenchMeasure.Memory);

        // 3.
        var difference = Difference(ours.Save(Path.Combine(folder, "ours")), theirs.Save(Path.Combine(folder, "theirs")));
        Print($"predictions differ by at most {difference:E1} of their deviation");

        // 4.
        Print("batch   ours s/step   PyTorch s/step   ratio    ours MB   PyTorch MB   ratio");
        var holds = difference < 1e-4;
        foreach (var batch in new[] { 1, 2, 4, 8 })
        {
            List<double> our = [], their = [];
            for (var round = 0; round < rounds; round++)
            {
                cancel.ThrowIfCancellationRequested();
                our.Add(ours.Measure(batch, steps: 2).Seconds);
                their.Add(theirs.Measure(batch, steps: 2).Seconds);
            }

            var (a, b) = (Statistics.Median(our), Statistics.Median(their));
            var (c, d) = (oursInMemory.Measure(batch, steps: 1).Bytes / 1e6, theirsInMemory.Measure(batch, steps: 1).Bytes / 1e6);
            Print($"{batch,5} {a,13:F3} {b,16:F3} {a / b,7:F2} {c,10:F0} {d,12:F0} {c / d,7:F2}");
            holds &= a <= b && c <= d;
        }

        Directory.Delete(folder, recursive: true);
        Print(holds ? "never slower, never more memory" : "the goal, never slower and never more memory, is missed");
        return holds;
    }

    /// <summary>Answers commands on standard input, as <c>peer.py</c> does: our side's process.</summary>
    /// <param name="folder">Configuration and weights.</param>
    public static void Serve(string folder)
    {
        using var unet = new UNet2DConditionModel(ConfigFile.Read<UNetConfig>(Path.Combine(folder, "config.json")));
        Weights.Load(unet, folder);
        unet.eval();
        using var untracked = inference_mode();
        while (Console.ReadLine()?.Split(' ') is { } words)
        {
            using var scope = NewDisposeScope();
            var batch = words[0] == "run" ? int.Parse(words[1], CultureInfo.InvariantCulture) : 1;
            var (sample, t, text) = (Wave(batch, 4, LatentSide, LatentSide), full(batch, 501f), Wave(batch, 77, 1024));
            if (words[0] == "save")
            {
                File.WriteAllBytes(words[1], unet.call(sample, t, text, null).bytes.ToArray());
                Console.WriteLine("saved");
                continue;
            }

            unet.call(sample, t, text, null).Dispose();
            var (seconds, bytes) = StepCost.Measure(int.Parse(words[2], CultureInfo.InvariantCulture), () =>
                unet.call(sample, t, text, null).Dispose());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {bytes}"));
        }
    }

    private static BenchSide Ours(string folder, BenchMeasure measure) => new(
        measure, Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "Realiz3D.Mesh.Benchmarks.dll"), "unet", "--serve", folder);

    private static BenchSide Theirs(string python, string folder, BenchMeasure measure) => new(
        measure, python, Path.Combine(AppContext.BaseDirectory, "Unet", "peer.py"), Path.Combine(folder, "config.json"),
        Path.Combine(folder, "diffusion_pytorch_model.safetensors"));

    private static Tensor Wave(params long[] shape) =>
        (arange(shape.Aggregate((a, b) => a * b), dtype: ScalarType.Float32) * 0.37).sin().view(shape);

    private static double Difference(byte[] a, byte[] b)
    {
        var (x, y) = (MemoryMarshal.Cast<byte, float>(a).ToArray(), MemoryMarshal.Cast<byte, float>(b).ToArray());
        var deviation = Math.Sqrt(y.Average(v => (double)v * v));
        return x.Zip(y, (u, v) => Math.Abs((double)u - v)).Max() / deviation;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Print(string line) => Console.WriteLine(line);
}
