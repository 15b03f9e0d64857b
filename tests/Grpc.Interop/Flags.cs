using System.Globalization;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>The flags of the interop test descriptions, written <c>--name=value</c>.</summary>
internal sealed record Flags
{
    /// <summary>Server: the port to listen on; 0 for a free one.</summary>
    public int Port { get; private init; } = 8080;

    /// <summary>Client: where the server is.</summary>
    public string ServerHost { get; private init; } = "localhost";

    /// <summary>Client: the port that the server listens on.</summary>
    public int ServerPort { get; private init; } = 8080;

    /// <summary>Client: the host to name in the header <c>:authority</c> instead.</summary>
    public string? ServerHostOverride { get; private init; }

    /// <summary>Client: the cases to run.</summary>
    public IReadOnlyList<string> TestCases { get; private init; } = [];

    /// <summary>Client: metadata to send with each call.</summary>
    public IReadOnlyList<(string Key, string Value)> AdditionalMetadata { get; private init; } = [];

    /// <summary>Reads the flags; <paramref name="wrong"/> says what is wrong with them, if anything.</summary>
    public static Flags Parse(IEnumerable<string> arguments, out string? wrong)
    {
        var flags = new Flags();
        wrong = null;
        foreach (var argument in arguments)
        {
            var (name, value) = argument.Split('=', 2) is [var before, var after] ? (before, after) : (argument, "");
            var isPort = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535;
            switch (name)
            {
                case "--port" when isPort:
                    flags = flags with { Port = port };
                    break;
                case "--server_port" when isPort:
                    flags = flags with { ServerPort = port };
                    break;
                case "--server_host" when value.Length > 0:
                    flags = flags with { ServerHost = value };
                    break;
                case "--server_host_override" when value.Length > 0:
                    flags = flags with { ServerHostOverride = value };
                    break;
                case "--test_case" when value.Length > 0:
                    flags = flags with { TestCases = value.Split(',') };
                    break;
                case "--additional_metadata" when value.Split(';').All(pair => pair.IndexOf(':', StringComparison.Ordinal) > 0):
                    flags = flags with { AdditionalMetadata = [.. value.Split(';').Select(Pair)] };
                    break;
                case "--use_tls" or "--use_test_ca" when value == "false":
                    break;
                case "--use_tls" or "--use_test_ca":
                    wrong = $"{name}: the services of the mesh speak clear-text HTTP/2, and so does this program.";
                    return flags;
                default:
                    wrong = $"{argument}: no such flag, or not a value for it.";
                    return flags;
            }
        }

        return flags;
    }

    // The value may hold colons.
    private static (string Key, string Value) Pair(string text) => text.Split(':', 2) is [var key, var value] ? (key, value) : (text, "");
}
