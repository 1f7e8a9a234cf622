using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>A training step of AmbiSSL, batch 4+4 at 128x128: its rate, the part of the convolutions, and how near it comes to the fastest one.</summary>
internal static class StepBenchmark
{
    public const int Side = 128;
    public const int HalfBatch = 4;
    private const int Pairs = 5;

    // 3x3 convolutions among which the ceiling is looked for: batch, channels in and out, side.
    private static readonly (int Batch, int Channels, int Side)[] CeilingShapes = [(8, 64, 64), (8, 128, 32), (4, 256, 32), (8, 256, 16), (4, 64, 128)];

    public static void Run(Precision precision)
    {
        foreach (var (name, backbone) in UntrainedModel.BackbonesIn(precision))
        {
            using var scope = NewDisposeScope();
            Measure(name, backbone, precision);
        }
    }

    private static void Measure(string name, BackboneOptions backbone, Precision precision)
    {
        using var model = UntrainedModel.Create(backbone, Side, precision);
        var batch = SyntheticBatch.Create(HalfBatch, Side);
        using var step = new TrainingStep(model, batch);
        var calls = ConvolutionCall.Record(model.Method, step.Run);
        var prepared = calls.Distinct().ToDictionary(call => call, call => call.Prepare());
        var ceilings = Array.ConvertAll(CeilingShapes, shape => Ceiling(shape, precision));
        var ceiling = 0.0;

        var pairs = Elapsed.Pairs(Pairs, step.Run, () =>
        {
            foreach (var call in calls)
            {
                prepared[call]();
            }
        });
        for (var i = 0; i < Pairs; i++)
        {
            ceiling = ceilings.Select(measure => measure()).Append(ceiling).Max();
        }

        var seconds = Statistics.MedianSeconds(pairs.First);
        var operations = calls.Sum(call => call.Operations()) / 1e9;
        Console.WriteLine($"{name}: {2 * HalfBatch / seconds:F2} images/s ({seconds:F2} s a step); {calls.Count} convolutions of {operations:F0} GFLOP "
            + $"take {1 / Statistics.WallRatio(pairs):P0} of its time");
        Console.WriteLine($"{name}: {operations / seconds:F0} GFLOP/s, {operations / seconds / ceiling:P0} of the fastest 3x3 convolution's {ceiling:F0}; "
            + $"the convolutions alone reach {operations / Statistics.MedianSeconds(pairs.Second) / ceiling:P0}");
        StepParts.Measure(name, model, batch, step, seconds);
    }

    /// <summary>Rate of a forward convolution, GFLOP/s: the best of ten.</summary>
    private static Func<double> Ceiling((int Batch, int Channels, int Side) shape, Precision precision)
    {
        var call = new ConvolutionCall(
            (shape.Batch, shape.Channels, shape.Side, shape.Side), (shape.Channels, 3), 1, HasBias: false, IsChannelsLast: true, false, false, precision);
        var convolution = call.Prepare();
        return () => call.Operations() / 1e9 / Enumerable.Range(0, 10).Min(_ => Elapsed.Of(convolution).WallSeconds);
    }
}
