namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Percentiles of all values of cached images, exact and in the memory of a few tables: the images are read twice, once to count values by their upper 16 bits,
/// once by their lower 16 bits where a rank falls.
/// </summary>
internal static class IntensityPercentiles
{
    private const int Half = 16;
    private const int Bins = 1 << Half;

    /// <summary>Two percentiles, each between its two closest ranks by linear interpolation, of values as they are stored.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="low">From 0 to 100.</param>
    /// <param name="high">From 0 to 100.</param>
    public static (double Low, double High) Of(ImageCache images, double low, double high)
    {
        var upper = new long[Bins];
        ForEach(images, key => upper[key >> Half]++);
        var last = Enumerable.Range(0, images.Count).Sum(index => (long)images.ShapeOf(index).Length) - 1;
        var (lowRank, highRank) = (low / 100 * last, high / 100 * last);
        double[] ranks = [Math.Floor(lowRank), Math.Ceiling(lowRank), Math.Floor(highRank), Math.Ceiling(highRank)];
        var places = Array.ConvertAll(ranks, rank => Find(upper, (long)rank));
        var lower = places.Select(place => place.Bin).Distinct().ToDictionary(bin => (uint)bin, _ => new long[Bins]);
        ForEach(images, key =>
        {
            if (lower.TryGetValue(key >> Half, out var counts))
            {
                counts[key & (Bins - 1)]++;
            }
        });
        var values = Array.ConvertAll(places, place => Value(((uint)place.Bin << Half) | (uint)Find(lower[(uint)place.Bin], place.Rank).Bin));
        return (Between(values[0], values[1], lowRank - ranks[0]), Between(values[2], values[3], highRank - ranks[2]));
    }

    private static void ForEach(ImageCache images, Action<uint> count)
    {
        float[] values = [];
        for (var index = 0; index < images.Count; index++)
        {
            var length = images.ShapeOf(index).Length;
            values = values.Length == length ? values : new float[length];
            images.ReadStored(index, values);
            foreach (var value in values)
            {
                count(Key(value));
            }
        }
    }

    /// <summary>The bin of a rank, and its rank within the bin.</summary>
    private static (int Bin, long Rank) Find(long[] counts, long rank)
    {
        var bin = 0;
        for (; rank >= counts[bin]; bin++)
        {
            rank -= counts[bin];
        }

        return (bin, rank);
    }

    /// <summary>A number that is in the order of the value.</summary>
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return bits >> 31 == 0 ? bits | (1u << 31) : ~bits;
    }

    private static float Value(uint key) => BitConverter.UInt32BitsToSingle(key >> 31 == 0 ? ~key : key & ~(1u << 31));

    private static double Between(double low, double high, double part) => low + ((high - low) * part);
}
