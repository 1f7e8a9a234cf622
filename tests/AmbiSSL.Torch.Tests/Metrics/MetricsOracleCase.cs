using System.Text.Json;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Tests.Metrics;

/// <summary>One entry of <c>metrics.json</c>: integer probabilities out of a scale, and label masks.</summary>
internal sealed class MetricsOracleCase
{
    public MetricsOracleCase(JsonElement entry, double scale)
    {
        Height = entry.GetProperty("h").GetInt32();
        Width = entry.GetProperty("w").GetInt32();
        int[][] predictions = [.. entry.GetProperty("preds").EnumerateArray().Select(ReadIntegers)];
        float[] probabilities = [.. predictions.SelectMany(map => map.Select(value => (float)(value / scale)))];
        MeanProbability =
            [.. Enumerable.Range(0, Height * Width).Select(pixel => (float)(predictions.Sum(map => map[pixel]) / (scale * predictions.Length)))];
        SampleBytes = [.. probabilities.Select(value => value > 0.5f ? (byte)1 : (byte)0)];
        AnnotationBytes =
            [.. entry.GetProperty("labels").EnumerateArray().SelectMany(mask => mask.GetString()!.Select(pixel => (byte)(pixel - '0')))];
        Samples = BitMask.SetFromBytes(SampleBytes, Height, Width);
        Annotations = BitMask.SetFromBytes(AnnotationBytes, Height, Width);
    }

    public int Height { get; }

    public int Width { get; }

    public float[] MeanProbability { get; }

    public byte[] SampleBytes { get; }

    public byte[] AnnotationBytes { get; }

    public BitMask[] Samples { get; }

    public BitMask[] Annotations { get; }

    private static int[] ReadIntegers(JsonElement map) => [.. map.EnumerateArray().Select(value => value.GetInt32())];
}
