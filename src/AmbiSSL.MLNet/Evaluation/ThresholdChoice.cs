using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>
/// Chooses the probability above which a pixel is in the consensus: that with which it has the highest mean Dice with the majority of the experts,
/// pixels that at least half of them hold inside. Of several classes, one threshold has the highest mean over them.
/// </summary>
/// <param name="classes">The classes.</param>
internal sealed class ThresholdChoice(MaskClasses classes)
{
    // The middle first, which stays where nothing is better.
    private static readonly double[] Candidates = [.. Enumerable.Range(2, 17).Select(step => step / 20.0).OrderBy(threshold => Math.Abs(threshold - 0.5))];

    // For each class, and what may be done to it, the sum over images with each threshold.
    private readonly Dictionary<PostProcessing, double[]>[] _dice =
        [.. Enumerable.Range(0, classes.Count).Select(
            _ => PostProcessing.Candidates.ToDictionary(processing => processing, _ => new double[Candidates.Length]))];

    /// <summary>The best so far with post-processing, one of <see cref="PostProcessing.Candidates"/> for each class.</summary>
    public double Best(IReadOnlyList<PostProcessing> postProcessing)
    {
        var dice = Candidates.Select((_, candidate) => _dice.Zip(postProcessing, (own, processing) => own[processing][candidate]).Sum()).ToArray();
        return Candidates[Array.IndexOf(dice, dice.Max())];
    }

    /// <summary>Adds an image.</summary>
    /// <param name="probability">[K, H, W].</param>
    /// <param name="experts">The experts' masks, at least one.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(ReadOnlySpan<float> probability, MaskSet experts, CountedPixels counted)
    {
        BitMask[] majorities =
            [.. Enumerable.Range(0, classes.Count).Select(
                position => BitMask.FromVotes(counted.Masks(experts.OfClass(position).Values), (experts.Count + 1) / 2))];
        var consensus = new byte[probability.Length];
        for (var candidate = 0; candidate < Candidates.Length; candidate++)
        {
            ClassProbabilities.Harden(classes, probability, Candidates[candidate], consensus);
            for (var position = 0; position < classes.Count; position++)
            {
                foreach (var (processing, dice) in _dice[position])
                {
                    var processed = processing.ApplyToOne(consensus, position, experts.Size, classes);
                    dice[candidate] += MaskOverlap.Dice(counted.Masks(processed)[0], majorities[position]);
                }
            }
        }
    }
}
