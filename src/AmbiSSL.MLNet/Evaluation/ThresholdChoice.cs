using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>
/// Chooses the probability above which a pixel is in the consensus: that with which it has the highest mean Dice with the majority of the experts, pixels that at
/// least half of them hold inside.
/// </summary>
internal sealed class ThresholdChoice
{
    // The middle first, which stays where nothing is better.
    private static readonly double[] Candidates = [.. Enumerable.Range(2, 17).Select(step => step / 20.0).OrderBy(threshold => Math.Abs(threshold - 0.5))];

    private readonly Dictionary<PostProcessing, double[]> _dice = PostProcessing.Candidates.ToDictionary(processing => processing, _ => new double[Candidates.Length]);

    /// <summary>The best so far with post-processing, one of <see cref="PostProcessing.Candidates"/>.</summary>
    public double Best(PostProcessing processing) => Candidates[Array.IndexOf(_dice[processing], _dice[processing].Max())];

    /// <summary>Adds an image.</summary>
    /// <param name="probability">[H, W].</param>
    /// <param name="experts">The experts' masks, at least one.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(ReadOnlySpan<float> probability, MaskSet experts, CountedPixels counted)
    {
        var majority = BitMask.FromVotes(counted.Masks(experts.Values), (experts.Count + 1) / 2);
        for (var candidate = 0; candidate < Candidates.Length; candidate++)
        {
            var consensus = new byte[probability.Length];
            for (var pixel = 0; pixel < consensus.Length; pixel++)
            {
                consensus[pixel] = probability[pixel] > Candidates[candidate] ? (byte)1 : (byte)0;
            }

            foreach (var (processing, dice) in _dice)
            {
                byte[] processed = [.. consensus];
                processing.ApplyToEach(processed, experts.Size, experts.Classes);
                dice[candidate] += MaskOverlap.Dice(counted.Masks(processed)[0], majority);
            }
        }
    }
}
