using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// Takes steps on a CUDA device, where the host would need longer to start a step's thousands of operations than the device to compute them: the first
/// step of an epoch is recorded, and the others with batches of the same shapes are replayed. What depends on the epoch is a constant of the recording.
/// </summary>
/// <param name="step">Takes a step operation by operation.</param>
/// <param name="record">Records one.</param>
internal sealed class StepRecorder(Func<TrainingBatch, StepContext, StepLosses> step, RecordedStep.Recorder record) : IDisposable
{
    private readonly Dictionary<string, RecordedStep> _recorded = [];
    private RecordedStep? _last;
    private int _epoch = -1;

    /// <summary>Records the steps of an optimization; null where the training has no stream.</summary>
    public static StepRecorder? For(OptimizationStep optimization, CudaStream? stream) => stream is null
        ? null
        : new StepRecorder(optimization.Run, (rehearsal, work, before) => CudaGraph.Record(stream, rehearsal, work, before));

    /// <summary>Takes a step.</summary>
    /// <returns>Its losses: in the caller's dispose scope, or kept here until the next step overwrites them.</returns>
    public StepLosses Run(TrainingBatch batch, StepContext context)
    {
        if (_epoch != context.Epoch)
        {
            _epoch = context.Epoch;
            Clear(except: _last);
        }

        var shapes = batch.Shapes;
        if (_recorded.TryGetValue(shapes, out var recorded))
        {
            return recorded.Replay(batch);
        }

        // The recording of another epoch lends its memory and is done.
        var before = _last;
        _recorded[shapes] = _last = new RecordedStep(batch, context, step, record, before, out var losses);
        if (before is not null && !_recorded.ContainsValue(before))
        {
            before.Dispose();
        }

        return losses;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear(except: null);
        _last?.Dispose();
    }

    private void Clear(RecordedStep? except)
    {
        foreach (var recorded in _recorded.Values.Where(recorded => recorded != except))
        {
            recorded.Dispose();
        }

        _recorded.Clear();
    }
}
