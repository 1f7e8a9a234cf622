using System.Diagnostics;
using AmbiSSL.Torch.Data;
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

    private readonly SegmentationOptions _options;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private Tensor? _sums;
    private string[] _names = [];
    private int _epoch;
    private int _step;
    private int _steps;
    private long _images;
    private TimeSpan _lastReport;
    private int _lastReportStep;

    public ProgressReporter(SegmentationOptions options) => _options = options;

    public void BeginEpoch(int epoch, int steps)
    {
        (_epoch, _steps, _step, _lastReportStep) = (epoch, steps, 0, 0);
        _sums?.Dispose();
        _sums = null;
    }

    /// <summary>Counts a step.</summary>
    /// <exception cref="InvalidOperationException">The loss is not finite.</exception>
    public void Add(StepLosses losses, TrainingBatch batch)
    {
        using (no_grad())
        {
            var values = stack([losses.Total.detach(), .. losses.Terms.Select(term => term.Value.detach())]);
            if (_sums is null)
            {
                _names = ["total", .. losses.Terms.Select(term => term.Name)];
                _sums = values.MoveToOuterDisposeScope();
            }
            else
            {
                _sums.add_(values);
            }
        }

        _step++;
        _images += batch.LabeledImages.shape[0] + (batch.WeakImages?.shape[0] ?? 0);
        if (_step % ReportEvery == 0 || _step == _steps)
        {
            Report();
        }
    }

    private void Report()
    {
        var means = _sums!.cpu().data<float>().Select(sum => (double)sum / _step).ToArray();
        if (!double.IsFinite(means[0]))
        {
            throw new InvalidOperationException(
                $"The loss became {means[0]} in epoch {_epoch + 1}, step {_step}; lower LearningRate (now {_options.LearningRate}) or check the scale "
                + "of the pixel values.");
        }

        var elapsed = _watch.Elapsed;
        var secondsPerStep = (elapsed - _lastReport).TotalSeconds / (_step - _lastReportStep);
        (_lastReport, _lastReportStep) = (elapsed, _step);
        var remainingSteps = (_steps - _step) + ((long)(_options.Epochs - _epoch - 1) * _steps);
        _options.Progress?.Report(new TrainingProgress
        {
            Epoch = _epoch + 1,
            Epochs = _options.Epochs,
            Step = _step,
            StepsPerEpoch = _steps,
            Losses = _names.Zip(means).ToDictionary(pair => pair.First, pair => pair.Second),
            ImagesPerSecond = _images / elapsed.TotalSeconds,
            Remaining = TimeSpan.FromSeconds(secondsPerStep * remainingSteps),
        });
    }
}
