using System.Diagnostics;

namespace AmbiSSL.Experiments.Runs;

/// <summary>Times the steps of a training past its first ones, and then ends it.</summary>
/// <param name="steps">Steps that are timed.</param>
/// <param name="limit">Time after which no more steps are.</param>
internal sealed class StepTimer(int steps, TimeSpan limit) : IProgress<TrainingProgress>, IDisposable
{
    // The first steps choose kernels and fill memory.
    private const int Unmeasured = 20;

    private readonly CancellationTokenSource _end = new();
    private readonly Stopwatch _watch = new();
    private int _first;

    /// <summary>Ends the training when enough is known.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Timed steps.</summary>
    public int Steps { get; private set; }

    /// <summary>Epochs that ended among them; the state of the training is written at the end of each.</summary>
    public int EpochEnds { get; private set; }

    /// <summary>Seconds of a timed step.</summary>
    public double SecondsPerStep { get; private set; }

    /// <summary>Steps of the whole training.</summary>
    public long AllSteps { get; private set; }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        var step = ((value.Epoch - 1) * value.StepsPerEpoch) + value.Step;
        AllSteps = (long)value.Epochs * value.StepsPerEpoch;
        if (!_watch.IsRunning)
        {
            if (step >= Unmeasured)
            {
                _first = step;
                _watch.Start();
            }

            return;
        }

        EpochEnds += value.IsEpochEnd ? 1 : 0;
        Steps = step - _first;
        SecondsPerStep = _watch.Elapsed.TotalSeconds / Steps;
        if (Steps >= steps || _watch.Elapsed >= limit)
        {
            _end.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
