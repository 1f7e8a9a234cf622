using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>A training step on a device: as near to the step in float64 as the CPU's float32 is, and how many images it takes a second.</summary>
internal static class DeviceBenchmark
{
    // Rounding moves pixels across thresholds and bounds, another set of them on each device; a wrong operation moves far more.
    private const double Allowance = 10;
    private const double LossTolerance = 1e-5;
    private const double RecordedTolerance = 1e-3;
    private static readonly (Precision Precision, bool TensorFloat)[] All =
        [(Precision.Float32, false), (Precision.Float32, true), (Precision.BFloat16, false)];

    public static void Run(ComputeDevice choice, int turns)
    {
        Device device;
        try
        {
            device = choice.Resolve();
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine($"Skipped: {e.Message}");
            return;
        }

        if (device.type == DeviceType.CUDA)
        {
            CompareRecorded(choice);
        }

        foreach (var (name, backbone) in UntrainedModel.Backbones)
        {
            using var scope = NewDisposeScope();
            Compare(name, backbone, device);
            Rate(name, backbone, device, turns);
        }
    }

    private static void Compare(string name, BackboneOptions backbone, Device device)
    {
        TensorFloat(false);
        var batch = SyntheticBatch.Create(StepBenchmark.HalfBatch, StepBenchmark.Side);
        var exact = StepGradients.Of(backbone, batch, ScalarType.Float64, CPU);
        var cpu = StepGradients.Of(backbone, batch, ScalarType.Float32, CPU).DistanceFrom(exact);
        Console.WriteLine($"{name}: float32 on the CPU differs from float64 by {cpu.Loss:E1} of the loss and {cpu.Gradients:E1} of the gradients");
        if (device.type == DeviceType.CPU)
        {
            Console.WriteLine($"{name}: the CPU's step is not compared with itself");
            return;
        }

        var own = StepGradients.Of(backbone, batch, ScalarType.Float32, device).DistanceFrom(exact);
        Console.WriteLine($"{name}: float32 on {device} differs from float64 by {own.Loss:E1} of the loss and {own.Gradients:E1} of the gradients");
        if (!(own.Gradients <= Allowance * cpu.Gradients && own.Loss <= LossTolerance))
        {
            throw new InvalidOperationException(
                $"{name}: the gradients on {device} are {own.Gradients / cpu.Gradients:F0} times as far from float64 as the CPU's, and the loss {own.Loss:E1}; "
                + $"at most {Allowance} times and {LossTolerance:E0} are expected.");
        }
    }

    /// <summary>Trains every method for a few steps, operation by operation and from recorded steps.</summary>
    private static void CompareRecorded(ComputeDevice device)
    {
        TensorFloat(false);
        using var images = TrainedWeights.Images();
        foreach (var (name, options) in TrainedWeights.Methods)
        {
            double[] Losses(bool recorded)
            {
                var losses = new List<double>();
                var run = new RunOptions { Device = device, UseCudaGraphs = recorded, AfterEpoch = (progress, _) => losses.Add(progress.Losses["total"]) };
                TrainedWeights.Train(images, options with { Backbone = new UNetBackbone { Filters = [8, 16, 32] } }, run).Dispose();
                return [.. losses];
            }

            var (plain, recorded) = (Losses(false), Losses(true));
            var difference = plain.Zip(recorded, (a, b) => Math.Abs((b / a) - 1)).Max();
            Console.WriteLine($"{name}: the mean loss of {plain.Length} epochs differs by {difference:E1} of itself where steps are recorded");
            if (!(difference <= RecordedTolerance))
            {
                throw new InvalidOperationException(
                    $"{name}: the losses are {string.Join(", ", plain)} without recording and {string.Join(", ", recorded)} with it; at most "
                    + $"{RecordedTolerance:E0} is expected.");
            }
        }
    }

    private static void Rate(string name, BackboneOptions backbone, Device device, int turns)
    {
        var isCuda = device.type == DeviceType.CUDA;
        foreach (var half in isCuda ? new[] { StepBenchmark.HalfBatch, 4 * StepBenchmark.HalfBatch } : [StepBenchmark.HalfBatch])
        {
            foreach (var (precision, tensorFloat) in isCuda ? All : All.Where(kind => !kind.TensorFloat))
            {
                using var scope = NewDisposeScope();
                TensorFloat(tensorFloat);
                using var model = UntrainedModel.Create(backbone, StepBenchmark.Side, precision, device);
                using var step = new TrainingStep(model, SyntheticBatch.Create(half, StepBenchmark.Side).To(ScalarType.Float32, device));
                var work = new DeviceWork(device, DeviceWork.Repetitions(device), step.Run);
                work.Run();
                var seconds = Statistics.Median(Enumerable.Range(0, turns).Select(_ => work.Run().WallSeconds));
                Console.WriteLine($"{name}: batch {half}+{half} on {device}, {precision}{(tensorFloat ? " with TF32 products" : "")}: "
                    + $"{2 * half / seconds:F1} images/s, {1000 * seconds:F1} ms a step");
            }
        }
    }

    /// <summary>Whether CUDA devices may round the factors of float32 products to 10 bits of fraction.</summary>
    private static void TensorFloat(bool allowed) => backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = allowed;
}
