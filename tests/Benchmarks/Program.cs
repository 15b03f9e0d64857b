using System.Globalization;
using System.Runtime.InteropServices;
using Realiz3D.Mesh.Benchmarks.Batcher;
using Realiz3D.Mesh.Benchmarks.Fitting;
using Realiz3D.Mesh.Benchmarks.Generation;
using Realiz3D.Mesh.Benchmarks.Grpc;
using Realiz3D.Mesh.Benchmarks.Meshes;
using Realiz3D.Mesh.Benchmarks.Pods;
using Realiz3D.Mesh.Benchmarks.Raster;
using Realiz3D.Mesh.Benchmarks.Reconstruction;
using Realiz3D.Mesh.Benchmarks.Soak;
using Realiz3D.Mesh.Benchmarks.Texturing;
using Realiz3D.Mesh.Benchmarks.Torch;
using Realiz3D.Mesh.Benchmarks.Unet;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Testing;

const string Usage = """
    usage: ./mesh bench NAME [options]

      generate [--out FOLDER]   16 prompts x 3 seeds through a warm mesh: silhouettes, categories, colours, seconds, memory;
                                a run that was stopped goes on where it stood (default folder: artifacts/bench/generate,
                                there one folder for each model and build)
      reconstruct [--seed N]    16 objects from exact views, without the model: silhouettes, colours, seconds (default: 7)
      fit [--extractor marching-tetrahedra|flexicubes] [--seed N]
                                a torus, a mug and a chair from a sphere, by eight views of masks and normals: seconds, Chamfer,
                                genus; fails over 1 % of the diagonal, at another genus or over six minutes (default: seed 7)
      grpc                      our gRPC beside @grpc/grpc-js, grpcio, a plain HTTP/2 body copy and raw TCP: calls, streams,
                                latencies, allocated bytes; says which goals are reached; about two minutes
      soak [--calls N] [--from M] [--seed S]
                                mixed calls of a mesh of its own, many cut short: live calls and tensors at the end, memory
                                against that at call M (default: 20000 calls, from 5000, seed 1)
      torch [--turns N]         sums of one element and a U-Net block, ours and PyTorch's in turns, on one thread and on two;
                                fails when a sum takes more than 1.5 times PyTorch's time (turns of the block, default: 7)
      unet [--rounds N]         a small U-Net of SD 2.1's topology beside the same in PyTorch, in turns: seconds and peak memory of
                                a step, batch 1 to 8; fails when ours is slower or needs more (default: 3 rounds)
      batcher [--rounds N]      eight jobs of realiz3d-mini and single calls, with and without shared steps: items per second, batch,
                                waits, and what sharing changes in the results; fails under 1.3 times (default: 3 rounds)
      pods [--rounds N]         one denoiser pod and three, each with a simulated device; a pod that joins; a pod that is killed while
                                it paints: fails under 2.7 times, over 5 s, or when the job is lost or its asset differs (default: 2 rounds)
      unwrap                    texture coordinates for a smooth object of 1,568 to 102,152 faces: seconds, charts, stretch; fails over
                                20 s, 1.3 of L2 stretch or one chart for fifty faces
      decimate                  the same objects to a tenth of their faces: seconds, and how far the surface has moved; then two cones of 10,000
                                to 80,000 faces, half of them at each tip; fails at another genus or where time grows as their square
      remesh                    the same objects with edges of one length: seconds, and the share that has about that length
      distance                  signed distances of 100,000 places to the same objects: seconds
      raster [--rounds N]       both CPU rasterizers beside Mesa's llvmpipe, 968 to 1,002,528 triangles at 512 pixels: triangles and pixels a
                                second; fails over 2 times Mesa's time at 100,352 (default: 9 rounds)
      texture [--seed N] [--all]
                                a texture from twelve views of eight objects (--all: sixteen) at eight other cameras: PSNR, seams, unseen
                                share; fails under 32 dB on average, 28 dB for one object, or over 2/255 at seams (default: seed 7)
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true; // what a measurement has started, it also ends
    stop.Cancel();
});

try
{
    switch (args)
    {
        case ["generate", .. var options]:
            return await GenerateBench.RunAsync(
                new Uri(Value(options, "--gateway") ?? throw new InvalidOperationException("--gateway is missing: run it as ./mesh bench generate.")),
                MeshProcess(),
                Path.Combine(AppContext.BaseDirectory, "classifier"),
                Value(options, "--out") ?? "artifacts/bench/generate",
                stop.Token) ? 0 : 1;
        case ["reconstruct", .. var options]:
            return ReconstructBench.Run(ulong.Parse(Value(options, "--seed") ?? "7", CultureInfo.InvariantCulture), stop.Token) ? 0 : 1;
        case ["fit", .. var options]:
            return FitBench.Run(
                Value(options, "--extractor") switch
                {
                    null or "marching-tetrahedra" => SurfaceKind.MarchingTetrahedra,
                    "flexicubes" => SurfaceKind.FlexiCubes,
                    var other => throw new InvalidOperationException($"--extractor must be marching-tetrahedra or flexicubes, not '{other}'."),
                },
                (ulong)Number(options, "--seed", 7),
                stop.Token) ? 0 : 1;
        case ["grpc", "server", var kind]:
            return await TransferServer.RunAsync(kind);
        case ["grpc", "client", var kind, var port]:
            return await TransferClient.RunAsync(kind, int.Parse(port, CultureInfo.InvariantCulture));
        case ["grpc", .. var options]:
            await GrpcBench.RunAsync(
                Value(options, "--peers") ?? throw new InvalidOperationException("--peers is missing: run it as ./mesh bench grpc."),
                stop.Token);
            return 0;
        case ["soak", .. var options]:
            return await SoakBench.RunAsync(Number(options, "--calls", 20_000), Number(options, "--from", 5_000), Number(options, "--seed", 1), stop.Token) ? 0 : 1;
        case ["soak-server"]:
            await SoakServer.RunAsync(); // a part of the soak, started by it
            return 0;
        case ["torch", .. var options]:
            return TorchBench.Run(
                Value(options, "--python") ?? "/usr/bin/python3",
                int.Parse(Value(options, "--turns") ?? "7", CultureInfo.InvariantCulture),
                stop.Token) ? 0 : 1;
        case ["unet", "--serve", var folder]:
            UnetBench.Serve(folder);
            return 0;
        case ["unet", .. var options]:
            return UnetBench.Run(
                Value(options, "--python") ?? "/usr/bin/python3",
                int.Parse(Value(options, "--rounds") ?? "3", CultureInfo.InvariantCulture),
                stop.Token) ? 0 : 1;
        case ["batcher", .. var options]:
            return await BatcherBench.RunAsync(
                Path.Combine(Goldens.RepositoryRoot, "services", "denoiser", "models", "realiz3d-mini"),
                Number(options, "--rounds", 3),
                stop.Token) ? 0 : 1;
        case ["unwrap"]:
            return MeshBench.Unwrap(stop.Token) ? 0 : 1;
        case ["decimate"]:
            return MeshBench.Decimate(stop.Token) ? 0 : 1;
        case ["remesh"]:
            return MeshBench.Remesh(stop.Token) ? 0 : 1;
        case ["distance"]:
            MeshBench.Distance(stop.Token);
            return 0;
        case ["raster", .. var options]:
            return RasterBench.Run(Number(options, "--rounds", 9), stop.Token) ? 0 : 1;
        case ["texture", .. var options]:
            return TextureBench.Run((ulong)Number(options, "--seed", 7), options.Contains("--all"), stop.Token) ? 0 : 1;
        case ["pods", .. var options]:
            return await PodsBench.RunAsync(Number(options, "--rounds", 2), stop.Token) ? 0 : 1;
        default:
            Console.Error.WriteLine(Usage);
            return args is ["help" or "--help" or "-h"] ? 0 : 2;
    }
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception problem) when (problem is InvalidOperationException or InvalidDataException or IOException
    or HttpRequestException or System.Net.Sockets.SocketException or global::Grpc.Core.RpcException)
{
    Console.Error.WriteLine($"bench: {(problem as global::Grpc.Core.RpcException)?.Status.Detail ?? problem.Message}");
    return 1;
}

static string? Value(string[] options, string name) =>
    Array.IndexOf(options, name) is >= 0 and var place && place + 1 < options.Length ? options[place + 1] : null;

static int Number(string[] options, string name, int standard) => Value(options, name) switch
{
    null => standard,
    var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
    var text => throw new InvalidOperationException($"{name} must be a whole number above 0, not '{text}'."),
};

// The app host writes its process id beside its addresses.
static int MeshProcess()
{
    var file = Environment.GetEnvironmentVariable("REALIZ3D_RUN_FILE") ?? "artifacts/run/mesh";
    var line = File.ReadLines(file).First(l => l.StartsWith("pid=", StringComparison.Ordinal));
    return int.Parse(line["pid=".Length..], CultureInfo.InvariantCulture);
}
