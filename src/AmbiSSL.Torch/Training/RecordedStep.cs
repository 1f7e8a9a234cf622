using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Torch.Training;

/// <summary>A step that was recorded, with the places in memory that it reads batch and random numbers from and writes its losses to.</summary>
internal sealed class RecordedStep : IDisposable
{
    private readonly TrainingBatch _batch;
    private readonly KeptDraws _draws;
    private readonly IRecordedWork _work;
    private StepLosses? _losses;

    /// <summary>Records work after a rehearsal of it.</summary>
    public delegate IRecordedWork Recorder(Action rehearsal, Action work, IRecordedWork? before);

    /// <summary>Takes a step operation by operation, then records it.</summary>
    /// <param name="batch">The batch of the step; it stays the caller's.</param>
    /// <param name="context">Of the step, and of all that are to be replayed but for what is random in them.</param>
    /// <param name="step">Takes a step and returns its losses in the caller's dispose scope.</param>
    /// <param name="record">Does the rehearsal and records the work, as <see cref="CudaGraph.Record"/> does.</param>
    /// <param name="before">A recording that is never replayed at the same time and lends its memory; null for none.</param>
    /// <param name="losses">Those of the step that was taken, in the caller's dispose scope.</param>
    public RecordedStep(
        TrainingBatch batch,
        StepContext context,
        Func<TrainingBatch, StepContext, StepLosses> step,
        Recorder record,
        RecordedStep? before,
        out StepLosses losses)
    {
        _batch = batch.Copy();
        _draws = new KeptDraws(context.Random);
        var (own, taken) = (context with { Random = _draws }, default(StepLosses));
        _work = record(
            () => taken = step(_batch, own),
            () =>
            {
                _draws.Rewind();
                _losses = step(_batch, own).Detach();
            },
            before?._work);
        losses = taken!;
    }

    /// <summary>Takes a step with another batch of the same shapes.</summary>
    /// <returns>Its losses, which the next step overwrites.</returns>
    public StepLosses Replay(TrainingBatch batch)
    {
        batch.CopyTo(_batch);
        _draws.Renew();
        _work.Replay();
        return _losses!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _work.Dispose();
        _losses?.Dispose();
        _draws.Dispose();
        _batch.Dispose();
    }
}
