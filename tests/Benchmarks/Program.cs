using System.Globalization;
using Realiz3D.Mesh.Benchmarks.Generation;
using Realiz3D.Mesh.Benchmarks.Grpc;
using Realiz3D.Mesh.Benchmarks.Reconstruction;

const string Usage = """
    usage: ./mesh bench NAME [options]

      generate [--out FOLDER]   16 prompts x 3 seeds through a warm mesh: silhouettes, categories, colours, seconds, memory;
                                a run that was stopped goes on where it stood (default folder: artifacts/bench/generate,
                                there one folder for each model and build)
      reconstruct [--seed N]    16 objects from exact views, without the model: silhouettes, colours, seconds (default: 7)
      grpc                      our gRPC beside @grpc/grpc-js, grpcio, a plain HTTP/2 body copy and raw TCP: calls, streams,
                                latencies, allocated bytes; about two minutes
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

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
        case ["grpc", "server", var kind]:
            return await TransferServer.RunAsync(kind);
        case ["grpc", "client", var kind, var port]:
            return await TransferClient.RunAsync(kind, int.Parse(port, CultureInfo.InvariantCulture));
        case ["grpc", .. var options]:
            await GrpcBench.RunAsync(
                Value(options, "--peers") ?? throw new InvalidOperationException("--peers is missing: run it as ./mesh bench grpc."),
                stop.Token);
            return 0;
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

// The app host writes its process id beside its addresses.
static int MeshProcess()
{
    var file = Environment.GetEnvironmentVariable("REALIZ3D_RUN_FILE") ?? "artifacts/run/mesh";
    var line = File.ReadLines(file).First(l => l.StartsWith("pid=", StringComparison.Ordinal));
    return int.Parse(line["pid=".Length..], CultureInfo.InvariantCulture);
}
