using Microsoft.Extensions.Diagnostics.HealthChecks;
using Realiz3D.Mesh.Serving;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Unready when a step hangs. Load never makes a pod unready: it refuses.</summary>
internal sealed class StepHealth(StepBatcher batcher) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(batcher.IsStuck ? HealthCheckResult.Unhealthy("A denoise step hangs.") : HealthCheckResult.Healthy());
}
