using System.Diagnostics;
using System.Text;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// Sums the loss terms on the training device and reads them back every few steps only, so that no step waits for the device.
/// It belongs to the dispose scope it was made in.
/// </summary>
internal sealed class ProgressReporter
{
    private const int ReportEvery = 10;
    private const double LargestLoss = 1e6;
    private const string Sums = "progress.sums";
    private const string Names = "progress.names";

    private readonly SegmentationOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly int? _fold;
    private readonly Device _device;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private Tensor? _sums;
    private string[] _names = [];
    private int _epoch;
    private int _step;
    private int _steps;
    private long _images;
    private TimeSpan _lastReport;
    private int _lastReportStep;

    /// <param name="options">The method's options.</param>
    /// <param name="run">Where it reports.</param>
    /// <param name="device">The training device.</param>
    public ProgressReporter(SegmentationOptions options, RunOptions run, Device device)
    {
        _options = options;
        (_progress, _fold) = (run.Progress, run.Fold);
        _device = device;
    }

    /// <summary>Begins an epoch, or goes on with it after so many steps.</summary>
    public void BeginEpoch(int epoch, int steps, int firstStep)
    {
        (_epoch, _steps, _step, _lastReportStep) = (epoch, steps, firstStep, firstStep);
        _sums?.Dispose();
        _sums = null;
    }

    /// <summary>Counts a step.</summary>
    /// <exception cref="InvalidOperationException">The loss is not finite, or beyond a million.</exception>
    public void Add(StepLosses losses, TrainingBatch batch)
    {
        using (no_grad())
        {
            var values = stack([losses.Total, .. losses.Terms.Select(term => term.Value)]);
            if (_sums is null)
            {
                _names = ["total", .. losses.Terms.Select(term => term.Name)];
                _sums = values.MoveToOuterDisposeScope();
            }
            else
            {
                _sums.add_(values, TensorArithmetic.One);
            }
        }

        _step++;
        _images += batch.LabeledImages.shape[0] + (batch.WeakImages?.shape[0] ?? 0);
        if (_step % ReportEvery == 0 && _step < _steps)
        {
            Report(null);
        }
    }

    /// <summary>Checks the loss without a report.</summary>
    /// <exception cref="InvalidOperationException">The loss is not finite, or beyond a million.</exception>
    public void RequireBoundedLoss() => Means();

    /// <summary>Reports the end of the epoch.</summary>
    public TrainingProgress EndEpoch(ScoreSummary? validation) => Report(validation);

    /// <summary>Adds what a checkpoint keeps of this; new tensors belong to the caller's dispose scope.</summary>
    public void Capture(Dictionary<string, Tensor> state)
    {
        if (_sums is not null)
        {
            state[Sums] = _sums;
            state[Names] = tensor(Encoding.UTF8.GetBytes(string.Join('\n', _names)));
        }
    }

    /// <summary>Takes over what <see cref="Capture"/> added.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        _sums?.Dispose();
        _sums = null;
        if (state.TryGetValue(Sums, out var sums))
        {
            _sums = sums.to(_device, copy: true).MoveToOuterDisposeScope();
            _names = Encoding.UTF8.GetString(state[Names].bytes).Split('\n');
        }
    }

    private double[] Means()
    {
        using var scope = NewDisposeScope();
        var means = _sums!.cpu().data<float>().Select(sum => (double)sum / _step).ToArray();
        return Math.Abs(means[0]) <= LargestLoss
            ? means
            : throw new InvalidOperationException(
                FormattableString.Invariant($"The loss became {means[0]} in epoch {_epoch + 1}, step {_step}; lower LearningRate ")
                + FormattableString.Invariant($"(now {_options.Training.LearningRate}) or check the scale of the pixel values."));
    }

    private TrainingProgress Report(ScoreSummary? validation)
    {
        var means = Means();
        var elapsed = _watch.Elapsed;
        var secondsPerStep = (elapsed - _lastReport).TotalSeconds / Math.Max(1, _step - _lastReportStep);
        (_lastReport, _lastReportStep) = (elapsed, _step);
        var remainingSteps = (_steps - _step) + ((long)(_options.Epochs - _epoch - 1) * _steps);
        var report = new TrainingProgress
        {
            Fold = _fold,
            Epoch = _epoch + 1,
            Epochs = _options.Epochs,
            Step = _step,
            StepsPerEpoch = _steps,
            Losses = _names.Zip(means).ToDictionary(pair => pair.First, pair => pair.Second),
            ImagesPerSecond = _images / elapsed.TotalSeconds,
            Remaining = TimeSpan.FromSeconds(secondsPerStep * remainingSteps),
            Validation = validation,
        };
        _progress?.Report(report);
        return report;
    }
}
