using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// A training step, and the drawing of masks, whose arithmetic is next to nothing, so that what remains is the cost of asking for it: processor time beside
/// PyTorch's, and the operations that the step consists of, which is what a GPU's step waits for.
/// </summary>
internal static class OverheadBenchmark
{
    private const int Pairs = 5;
    private const int Shown = 12;
    private const int Sampled = 64;

    /// <summary>
    /// A U-Net with the levels of the one that is timed elsewhere, and ResNet34, which has one size, on the smallest image that it does not pad.
    /// </summary>
    private static readonly (string Name, AmbiSSLOptions Options, int Side, int Repetitions)[] Cases =
    [
        ("UNet [4, 4, 8, 8]", UntrainedModel.Options(new UNetBackbone { Filters = [4, 4, 8, 8] }) with { LatentFilters = [4, 4, 8, 8, 8] }, 16, 20),
        ("ResNet34", UntrainedModel.Options(new ResNet34Backbone()), 32, 1),
    ];

    public static void Run()
    {
        set_num_threads(1);
        var python = PeerPair.FindPython();
        foreach (var (name, options, side, repetitions) in Cases)
        {
            Count(name, options, side);
            if (python is not null)
            {
                using var pair = new PeerPair(python, name, options, side, Precision.Float32, CPU, repetitions, Sampled);
                foreach (var (work, command) in new[]
                {
                    ($"training step, batch {StepBenchmark.HalfBatch}+{StepBenchmark.HalfBatch}", "step"),
                    ($"{Worker.Samples} masks for {Sampled} images, together on both sides,", "together"),
                    ($"{Worker.Samples} masks for {Sampled} images, one by one on ours,", "sample"),
                })
                {
                    var times = pair.Turns(command, Pairs);
                    Console.WriteLine($"{name}: {work} at {side}x{side}, one thread: ours over "
                        + $"PyTorch's: processor time {Statistics.ProcessorRatio(times):F2} "
                        + $"({1000 * Statistics.Median(times.Ours.Select(time => time.ProcessorSeconds)):F1} ms, "
                        + $"{1000 * Statistics.Median(times.Peer.Select(time => time.ProcessorSeconds)):F1} ms)");
                }
            }
        }
    }

    private static void Count(string name, AmbiSSLOptions options, int side)
    {
        if (!OperationCount.IsSupported)
        {
            Console.WriteLine($"{name}: operations are counted on Linux with an x64 processor only.");
            return;
        }

        using var scope = NewDisposeScope();
        using var model = UntrainedModel.Create(options, side);
        using var step = new TrainingStep(model, SyntheticBatch.Create(StepBenchmark.HalfBatch, side));
        step.Run();
        var counts = OperationCount.Of(step.Run);
        var most = counts.OrderByDescending(count => count.Value).Take(Shown).Select(count => $"{count.Key} {count.Value}");
        Console.WriteLine($"{name}: a step computes {counts.Values.Sum():N0} operations, most of them in {string.Join(", ", most)}");
    }
}
