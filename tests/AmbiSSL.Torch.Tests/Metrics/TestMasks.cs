using AmbiSSL.Torch.Metrics;
using CsCheck;

namespace AmbiSSL.Torch.Tests.Metrics;

/// <summary>Masks for tests: drawn as text, or generated.</summary>
internal static class TestMasks
{
    /// <summary>Samples and annotations of one small size, empty and full masks among them.</summary>
    public static Gen<(BitMask[] Samples, BitMask[] Annotations)> Pairs { get; } =
        from height in Gen.Int[1, 9]
        from width in Gen.Int[1, 9]
        from samples in Masks(height, width).Array[1, 6]
        from annotations in Masks(height, width).Array[1, 6]
        select (samples, annotations);

    /// <summary>A mask whose rows are separated by <c>/</c>; <c>#</c> is foreground.</summary>
    public static BitMask Draw(string rows)
    {
        string[] lines = rows.Split('/');
        byte[] values = [.. lines.SelectMany(line => line.Select(pixel => pixel == '#' ? (byte)1 : (byte)0))];
        return BitMask.FromBytes(values, lines.Length, lines[0].Length);
    }

    /// <summary>Several masks of one size.</summary>
    public static BitMask[] DrawSet(params string[] masks) => [.. masks.Select(Draw)];

    /// <summary>Masks of one size, from none to all of their pixels foreground.</summary>
    public static Gen<BitMask> Masks(int height, int width) =>
        from share in Gen.Int[0, 4]
        from values in Gen.Int[0, 3].Array[height * width]
        select BitMask.FromBytes([.. values.Select(value => value < share ? (byte)1 : (byte)0)], height, width);

    /// <summary>For each pixel, whether it is foreground.</summary>
    public static bool[] Pixels(BitMask mask) => [.. Votes([mask]).Select(count => count == 1)];

    /// <summary>For each pixel, the share of the masks that call it foreground, rounded once to single precision.</summary>
    public static float[] Mean(BitMask[] masks) => [.. Votes(masks).Select(count => (float)count / masks.Length)];

    /// <summary>A copy in another order.</summary>
    public static BitMask[] Shuffled(BitMask[] masks, int seed)
    {
        BitMask[] copy = [.. masks];
        new Random(seed).Shuffle(copy);
        return copy;
    }

    /// <summary>Whether two scores are equal up to rounding.</summary>
    public static bool Close(double first, double second) => Math.Abs(first - second) < 1e-12;

    private static int[] Votes(BitMask[] masks)
    {
        var votes = new int[masks[0].PixelCount];
        Array.ForEach(masks, mask => mask.AddTo(votes));
        return votes;
    }
}
