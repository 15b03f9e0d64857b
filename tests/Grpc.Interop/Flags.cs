using System.Globalization;
using Grpc.Net.Client.Configuration;

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

    /// <summary>Client: the host to name in the header <c>:authority</c> instead, and to expect in the server's certificate.</summary>
    public string? ServerHostOverride { get; private init; }

    /// <summary>Whether to speak TLS.</summary>
    public bool UseTls { get; private init; }

    /// <summary>Client: whether to trust the test authority in place of the platform's.</summary>
    public bool UseTestCa { get; private init; }

    /// <summary>Where the test certificates lie; a flag of ours, as they are made anew and not published.</summary>
    public string Certificates { get; private init; } = Path.Combine(Path.GetTempPath(), "grpc-interop-certificates");

    /// <summary>Client: retries, hedging and load balancing.</summary>
    public ServiceConfig? ServiceConfig { get; private init; }

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
                case "--use_tls" when bool.TryParse(value, out var tls):
                    flags = flags with { UseTls = tls };
                    break;
                case "--use_test_ca" when bool.TryParse(value, out var ours):
                    flags = flags with { UseTestCa = ours };
                    break;
                case "--certificates" when value.Length > 0:
                    flags = flags with { Certificates = value };
                    break;
                case "--service_config_json":
                    try
                    {
                        flags = flags with { ServiceConfig = ServiceConfigJson.Parse(value) };
                    }
                    catch (FormatException broken)
                    {
                        wrong = $"{name}: {broken.Message}";
                        return flags;
                    }

                    break;
                case "--default_service_account" or "--oauth_scope" or "--service_account_key_file":
                    wrong = $"{name}: it is for the cases that sign in to Google's cloud, which this program does not have.";
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
