using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>The service config of <c>--service_config_json</c>: per-method retries and hedging, load balancing, retry throttling.</summary>
internal static class ServiceConfigJson
{
    /// <exception cref="FormatException">One sentence says what is wrong.</exception>
    public static ServiceConfig Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var config = new ServiceConfig();
            foreach (var (name, value) in document.RootElement.EnumerateObject().Select(p => (p.Name, p.Value)))
            {
                switch (name)
                {
                    case "loadBalancingConfig":
                        value.EnumerateArray().Select(policy => new LoadBalancingConfig(policy.EnumerateObject().Single().Name))
                            .ToList().ForEach(config.LoadBalancingConfigs.Add);
                        break;
                    case "methodConfig":
                        value.EnumerateArray().Select(Method).ToList().ForEach(config.MethodConfigs.Add);
                        break;
                    case "retryThrottling":
                        config.RetryThrottling = new RetryThrottlingPolicy
                        {
                            MaxTokens = value.GetProperty("maxTokens").GetInt32(),
                            TokenRatio = value.GetProperty("tokenRatio").GetDouble(),
                        };
                        break;
                    default:
                        throw new FormatException($"{name} is not supported.");
                }
            }

            return config;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"It is not a service config: {wrong.Message}", wrong);
        }
    }

    private static MethodConfig Method(JsonElement json)
    {
        var config = new MethodConfig();
        foreach (var name in json.GetProperty("name").EnumerateArray())
        {
            config.Names.Add(new MethodName { Service = Text(name, "service"), Method = Text(name, "method") });
        }

        if (json.TryGetProperty("retryPolicy", out var retry))
        {
            config.RetryPolicy = new RetryPolicy
            {
                MaxAttempts = retry.GetProperty("maxAttempts").GetInt32(),
                InitialBackoff = Duration(retry.GetProperty("initialBackoff")),
                MaxBackoff = Duration(retry.GetProperty("maxBackoff")),
                BackoffMultiplier = retry.GetProperty("backoffMultiplier").GetDouble(),
            };
            Codes(retry, "retryableStatusCodes").ForEach(config.RetryPolicy.RetryableStatusCodes.Add);
        }

        if (json.TryGetProperty("hedgingPolicy", out var hedging))
        {
            config.HedgingPolicy = new HedgingPolicy
            {
                MaxAttempts = hedging.GetProperty("maxAttempts").GetInt32(),
                HedgingDelay = hedging.TryGetProperty("hedgingDelay", out var delay) ? Duration(delay) : null,
            };
            Codes(hedging, "nonFatalStatusCodes").ForEach(config.HedgingPolicy.NonFatalStatusCodes.Add);
        }

        return config;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    // Written as the status's name, UNAVAILABLE, or its number.
    private static List<StatusCode> Codes(JsonElement policy, string name) =>
        !policy.TryGetProperty(name, out var codes) ? [] : [.. codes.EnumerateArray().Select(code => code.ValueKind == JsonValueKind.Number
            ? (StatusCode)code.GetInt32()
            : Enum.TryParse<StatusCode>(code.GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var known)
                ? known
                : throw new FormatException($"{code.GetString()} is no status."))];

    // Seconds with an s, as protobuf's JSON writes a duration.
    private static TimeSpan Duration(JsonElement json) =>
        json.GetString() is [.. var seconds, 's'] && double.TryParse(seconds, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number)
            : throw new FormatException($"{json.GetRawText()} is no duration.");
}
