using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Serving;

/// <summary>Healthy where the model draws a mask for a black image. It waits for no engine, so that a busy server is healthy.</summary>
public sealed class ModelHealth(EnginePool pool) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var model = pool.Segmentation.Model;
        try
        {
            model.SampleMasks(new float[model.Shape.Length], 1, new byte[model.Shape.PixelCount], new float[model.Shape.PixelCount]);
            return Task.FromResult(HealthCheckResult.Healthy());
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception));
        }
    }
}
