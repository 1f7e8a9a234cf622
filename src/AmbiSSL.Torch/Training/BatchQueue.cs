using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// The batches of some steps, made in order on a thread of their own, at most two ahead of the step that is under way. What is random in
/// them must follow from the step alone, so that it does not matter how far ahead the thread is.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    // One batch waits here and the next one in the hands of the thread.
    private readonly BlockingCollection<TrainingBatch> _waiting = new(boundedCapacity: 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, TrainingBatch> _load;
    private readonly CudaStream? _stream;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins to make batches.</summary>
    /// <param name="firstStep">The step of the first batch.</param>
    /// <param name="endStep">The step after that of the last batch.</param>
    /// <param name="load">Makes the batch of a step, in the dispose scope of the thread.</param>
    /// <param name="stream">Where the work of the thread goes; null for the device's first stream, or a CPU.</param>
    public BatchQueue(int firstStep, int endStep, Func<int, TrainingBatch> load, CudaStream? stream = null)
    {
        _load = load;
        _stream = stream;
        _thread = new Thread(() => Fill(firstStep, endStep)) { IsBackground = true, Name = nameof(BatchQueue) };
        _thread.Start();
    }

    /// <summary>The batch of the next step, in no dispose scope: the caller disposes it. What the thread threw is thrown here.</summary>
    public TrainingBatch Take()
    {
        if (_waiting.TryTake(out var batch, Timeout.Infinite))
        {
            return batch;
        }

        _failure?.Throw();
        throw new InvalidOperationException("All batches were taken.");
    }

    /// <summary>Ends the thread, after the batch that it is making, and disposes what was not taken.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        while (_waiting.TryTake(out var batch))
        {
            batch.Dispose();
        }

        _waiting.Dispose();
        _stop.Dispose();
    }

    private void Fill(int firstStep, int endStep)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var stream = _stream?.Use();
        try
        {
            for (var step = firstStep; step < endStep && !_stop.IsCancellationRequested; step++)
            {
                Put(step);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody waits for more.
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _waiting.CompleteAdding();
        }
    }

    private void Put(int step)
    {
        using var scope = NewDisposeScope();
        var batch = _load(step).Detach();
        try
        {
            _waiting.Add(batch, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            batch.Dispose();
            throw;
        }
    }
}
