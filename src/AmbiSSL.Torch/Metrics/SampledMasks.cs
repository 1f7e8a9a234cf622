using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>What a model drew for one image. Where masks have one class, K is 1.</summary>
/// <param name="Masks">N·K·H·W values in [N, K, H, W] order, N at least 1; nonzero where a pixel is of the class.</param>
/// <param name="Probability">K·H·W values in [K, H, W] order, 0 to 1: the mean over the samples of the probability of each class.</param>
public sealed record SampledMasks(byte[] Masks, float[] Probability)
{
    /// <summary>
    /// The one mask that the model answers with, K·H·W values in [K, H, W] order, nonzero where a pixel is of the class; null for what is more
    /// probable than not: the pixels whose probability is above one half, and of several classes that exclude each other the most probable of
    /// background and them.
    /// </summary>
    public byte[]? Consensus { get; init; }

    /// <summary><see cref="Consensus"/>, also where it is null: K·H·W values in [K, H, W] order.</summary>
    internal byte[] Answer(MaskClasses classes)
    {
        if (Consensus is { } given)
        {
            return given;
        }

        var answer = new byte[Probability.Length];
        ClassProbabilities.Harden(classes, Probability, 0.5, answer);
        return answer;
    }

    /// <summary>What was drawn of each class, as a model of that class alone would have; the same where there is one.</summary>
    internal IEnumerable<SampledMasks> OfClasses(MaskClasses classes, ImageSize size)
    {
        if (classes.Count == 1)
        {
            return [this];
        }

        var answer = Answer(classes);
        return Enumerable.Range(0, classes.Count).Select(position => new SampledMasks(Plane(Masks, position), Plane(Probability, position))
        {
            Consensus = Plane(answer, position),
        });

        T[] Plane<T>(T[] values, int position) =>
            [.. values.Chunk(size.PixelCount).Where((_, plane) => plane % classes.Count == position).SelectMany(plane => plane)];
    }
}
