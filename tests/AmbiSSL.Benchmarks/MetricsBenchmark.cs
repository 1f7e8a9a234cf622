using System.Diagnostics;

namespace AmbiSSL.Benchmarks;

/// <summary>The usual figures of 1,000 images with ten samples and four annotators at 128x128, on one thread.</summary>
internal static class MetricsBenchmark
{
    private const int Images = 1000;
    private const int Samples = 10;
    private const int Annotators = 4;
    private const int Side = 128;
    private const int Repetitions = 7;

    public static void Run()
    {
        // Ten more annotators of the same lesion play the samples.
        var source = new SyntheticLesions(
            new SyntheticLesionOptions { Images = Images, Height = Side, Width = Side, Annotators = Annotators + Samples, Seed = 1 });
        var sets = Enumerable.Range(0, Images).Select(i => new ScoredSet(source.Read(i).Annotations.Values)).ToArray();

        var cold = Elapsed.Of(() => Score(sets));
        var warm = Enumerable.Range(0, Repetitions).Select(_ => Elapsed.Of(() => Score(sets))).ToArray();
        Console.WriteLine($"{Images} images, {Samples} samples, {Annotators} annotators, {Side}x{Side}, the usual figures, one thread");
        Console.WriteLine($"first pass {cold.WallSeconds:F2} s; median of {Repetitions} more {Statistics.Median(warm.Select(time => time.WallSeconds)):F2} s "
            + $"(processor {Statistics.Median(warm.Select(time => time.ProcessorSeconds)):F2} s)");
    }

    private static void Score(ScoredSet[] sets)
    {
        var ged = sets.Sum(set => ImageScores.Compute(set.Samples, set.MeanProbability, set.Annotations, Side, Side)[Figure.Ged]);
        Debug.Assert(ged > 0);
    }

    private sealed class ScoredSet
    {
        public ScoredSet(byte[] masks)
        {
            var pixels = Side * Side;
            Annotations = masks[..(Annotators * pixels)];
            Samples = masks[(Annotators * pixels)..];
            var votes = new int[pixels];
            for (var i = 0; i < Samples.Length; i++)
            {
                votes[i % pixels] += Samples[i];
            }

            MeanProbability = [.. votes.Select(count => count / (float)MetricsBenchmark.Samples)];
        }

        public byte[] Annotations { get; }

        public byte[] Samples { get; }

        public float[] MeanProbability { get; }
    }
}
