using System.Threading.Channels;
using AmbiSSL;
using Microsoft.ML;

namespace Serving;

/// <summary>
/// Prediction engines of one model. An engine serves one caller at a time; the weights are there once, whatever the number of engines.
/// </summary>
public sealed class EnginePool : IDisposable
{
    private readonly Channel<PredictionEngine<ImageRow, Prediction>> _free = Channel.CreateUnbounded<PredictionEngine<ImageRow, Prediction>>();
    private readonly ITransformer _pipeline;
    private int _waiting;

    /// <summary>Takes over a model that holds a segmentation and nothing else.</summary>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    public EnginePool(MLContext context, ITransformer pipeline, int engines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(engines, 1);
        ITransformer[] parts = pipeline is IEnumerable<ITransformer> chain ? [.. chain] : [pipeline];
        Segmentation = parts is [AmbiguousSegmentationTransformer only]
            ? only
            : throw new InvalidDataException($"The model has {parts.Length} parts; give one that is a segmentation alone.");
        _pipeline = pipeline;
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        for (var i = 0; i < engines; i++)
        {
            GiveBack(context.Model.CreatePredictionEngine<ImageRow, Prediction>(pipeline, options));
        }
    }

    /// <summary>The model.</summary>
    public AmbiguousSegmentationTransformer Segmentation { get; }

    /// <summary>Engines that wait for work.</summary>
    public int Free => _free.Reader.Count;

    /// <summary>Callers that wait for an engine.</summary>
    public int Waiting => _waiting;

    /// <summary>Waits for an engine; the caller disposes it.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<RentedEngine> RentAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            var engine = await _free.Reader.ReadAsync(cancellation);
            return new RentedEngine(engine, Segmentation, () => GiveBack(engine));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => (_pipeline as IDisposable)?.Dispose();

    private void GiveBack(PredictionEngine<ImageRow, Prediction> engine) => _free.Writer.TryWrite(engine);
}
