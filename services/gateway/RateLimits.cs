using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Realiz3D.Mesh.Gateway;

/// <summary>A token bucket per client. Streams count once, when they start.</summary>
internal static class RateLimits
{
    /// <summary>Name of the policy that the routes carry.</summary>
    public const string PerClient = "per-client";

    public static void AddRateLimits(this WebApplicationBuilder builder) =>
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(PerClient, context =>
            {
                var options = context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
                return RateLimitPartition.GetTokenBucketLimiter(
                    (string)context.Items[ApiKeyCheck.Client]!,
                    _ => new TokenBucketRateLimiterOptions
                    {
                        TokenLimit = options.Burst,
                        TokensPerPeriod = options.CallsPerSecond,
                        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    });
            });
            limiter.OnRejected = (rejected, _) => new ValueTask(Refusals.AnswerLaterAsync(
                rejected.HttpContext,
                "Too many calls at once from this client; try again in a second.",
                rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var delay) ? delay : TimeSpan.FromSeconds(1)));
        });
}
