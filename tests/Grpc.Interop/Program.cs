using Realiz3D.Mesh.Grpc.Interop;

// server --port=PORT, or client --server_host=HOST --server_port=PORT --test_case=NAME[,NAME...]
var flags = Flags.Parse(args.Skip(1), out var wrong);
switch (args.FirstOrDefault())
{
    case "server" when wrong is null:
        return await InteropServer.RunAsync(flags);
    case "client" when wrong is null:
        return await InteropClient.RunAsync(flags);
    default:
        await Console.Error.WriteLineAsync(wrong ?? "Say what to be: server or client.");
        return 2;
}
