namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Our gRPC beside others, on one machine in one run, server and client on one core each.</summary>
/// <remarks>
/// 1. Start all servers and clients; those that wait use nothing. 2. Warm each up. 3. In rounds, so that what else the
/// machine does meets all alike, put every load on every pair. 4. Print the medians of the rounds.
/// </remarks>
internal static class GrpcBench
{
    private const int Rounds = 3;
    private const double Seconds = 1;
    private const double WarmUpSeconds = 0.7;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="peers">Folder of the peers' programs.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task RunAsync(string peers, CancellationToken cancel)
    {
        var cores = PinnedProcess.Cores();
        var (serverCore, clientCore) = (cores[0], cores[^1]);
        if (serverCore == clientCore)
        {
            Console.WriteLine("This machine lends one core only: server and client share it.");
        }

        var started = new List<PinnedProcess>();
        try
        {
            // 1.
            var contestants = new List<Contestant>();
            string[] ours = ["dotnet", typeof(GrpcBench).Assembly.Location, "grpc"];
            string[] node = ["node", Path.Combine(peers, "server.js")];
            string[] python = ["/usr/bin/python3", Path.Combine(peers, "server.py")];
            var kestrel = await ServeAsync("server of ours", [.. ours, "server", "grpc"]);
            Join("ours", kestrel, [.. ours, "client", "grpc"], counts: true);
            var js = await ServeAsync("server of @grpc/grpc-js", node);
            Join("@grpc/grpc-js", js, ["node", Path.Combine(peers, "client.js")], counts: false);
            Join("@grpc/grpc-js, our client", js, [.. ours, "client", "grpc"], counts: false);
            var grpcio = await ServeAsync("server of grpcio", python);
            Join("grpcio", grpcio, ["/usr/bin/python3", Path.Combine(peers, "client.py")], counts: false);
            Join("grpcio, our client", grpcio, [.. ours, "client", "grpc"], counts: false);
            Join("HTTP/2 body copy", kestrel, [.. ours, "client", "http2"], counts: true);
            Join("raw TCP", await ServeAsync("server of raw TCP", [.. ours, "server", "tcp"]), [.. ours, "client", "tcp"], counts: true);

            // 2.
            await RoundAsync(contestants, WarmUpSeconds, cancel);
            contestants.ForEach(contestant => contestant.Forget());

            // 3.
            for (var round = 0; round < Rounds; round++)
            {
                await RoundAsync(contestants, Seconds, cancel);
            }

            // 4.
            GrpcTable.Print(contestants, Rounds);

            async Task<(PinnedProcess Server, int Port)> ServeAsync(string name, string[] command)
            {
                var server = new PinnedProcess(name, serverCore, command);
                started.Add(server);
                return (server, await server.ReadPortAsync(cancel));
            }

            void Join(string name, (PinnedProcess Process, int Port) server, string[] command, bool counts)
            {
                var client = new PinnedProcess($"client of {name}", clientCore, [.. command, $"{server.Port}"]);
                started.Add(client);
                contestants.Add(new Contestant(name, server.Process, client, counts));
            }
        }
        finally
        {
            started.ForEach(process => process.Dispose());
        }
    }

    private static async Task RoundAsync(List<Contestant> contestants, double seconds, CancellationToken cancel)
    {
        foreach (var load in Enum.GetValues<Load>())
        {
            foreach (var contestant in contestants)
            {
                await contestant.MeasureAsync(load, seconds, cancel);
            }
        }
    }
}
