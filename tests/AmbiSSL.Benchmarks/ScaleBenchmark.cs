using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace AmbiSSL.Benchmarks;

/// <summary>Memory and time of a training step as the unlabeled images grow in number, each number in a process of its own.</summary>
internal static class ScaleBenchmark
{
    private const int Steps = 30;
    private const int FirstTimedStep = 10;

    public static void Run()
    {
        double[]? first = null;
        foreach (var count in new[] { 1_000, 10_000, 100_000 })
        {
            using var process = WorkerProcess.OfThisProgram("scale-of", count.ToString(CultureInfo.InvariantCulture));
            var figures = process.Read();
            first ??= figures;
            var (resident, peak, step, reading) = (figures[0], figures[1], figures[2], figures[3]);
            Console.WriteLine($"{count,7:N0} unlabeled images, 64x64: resident {resident:F0} MiB ({resident / first[0]:F2} times that of 1,000), "
                + $"peak {peak:F0} MiB ({peak / first[1]:F2}), step {1000 * step:F0} ms ({step / first[2]:F2}); {reading:F1} s until the first steps");
        }
    }

    /// <summary>Trains a few steps and writes resident and peak memory in MiB, seconds a step, and seconds until the first steps.</summary>
    public static void Measure(int count)
    {
        using var stop = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var start = TimeSpan.Zero;
        var beginning = TimeSpan.Zero;
        var progress = new Reporter(value =>
        {
            if (beginning == TimeSpan.Zero)
            {
                beginning = watch.Elapsed;
            }

            if (value.Step == FirstTimedStep)
            {
                start = watch.Elapsed;
            }
            else if (value.Step == Steps)
            {
                var seconds = (watch.Elapsed - start).TotalSeconds / (Steps - FirstTimedStep);
                Console.WriteLine($"{ResidentMemory.Now()} {ResidentMemory.Peak()} {seconds} {beginning.TotalSeconds}");
                stop.Cancel();
            }
        });
        var options = UntrainedModel.Options(UntrainedModel.Backbones[0].Options);
        var run = new RunOptions { Device = ComputeDevice.Cpu, Progress = progress, CancellationToken = stop.Token };
        var context = new MLContext();
        try
        {
            using var model = context.Transforms.AmbiSSL(options, run: run).Fit(context.AmbiguousSegmentation().Load(new ManyImages(count)));
        }
        catch (OperationCanceledException)
        {
            // As planned, after the last timed step.
        }
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
