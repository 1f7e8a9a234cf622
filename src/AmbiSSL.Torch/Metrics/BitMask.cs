using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AmbiSSL.Torch.Metrics;

/// <summary>An immutable binary mask <c>[H, W]</c>, one bit a pixel, on which overlaps are counted 64 pixels at a time.</summary>
internal sealed class BitMask
{
    private const int WordBits = 64;

    // Bits past the last pixel stay zero, so that counts need no masking.
    private readonly ulong[] _words;

    private BitMask(ulong[] words, int height, int width)
    {
        _words = words;
        Height = height;
        Width = width;
        Area = CountOnes(words);
    }

    /// <summary>Rows H, in pixels.</summary>
    public int Height { get; }

    /// <summary>Columns W, in pixels.</summary>
    public int Width { get; }

    /// <summary>Number of foreground pixels, 0 to H·W.</summary>
    public int Area { get; }

    /// <summary>Number of pixels, H·W.</summary>
    public int PixelCount => Height * Width;

    /// <summary>Packs one mask.</summary>
    /// <param name="values">H·W values in [H, W] order; nonzero is foreground.</param>
    /// <param name="height">Rows H, at least 1.</param>
    /// <param name="width">Columns W, at least 1.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentException">The number of values is not H·W.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public static BitMask FromBytes(ReadOnlySpan<byte> values, int height, int width)
    {
        MetricArguments.RequireOneMap(values.Length, height, width, nameof(values));
        return new BitMask(PackGreaterThan(values, (byte)0), height, width);
    }

    /// <summary>Packs the pixels whose probability is strictly greater than a threshold.</summary>
    /// <param name="probabilities">H·W values in [H, W] order; NaN is background.</param>
    /// <param name="height">Rows H, at least 1.</param>
    /// <param name="width">Columns W, at least 1.</param>
    /// <param name="threshold">The threshold, compared in single precision.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentException">The number of values is not H·W.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public static BitMask FromProbabilities(ReadOnlySpan<float> probabilities, int height, int width, float threshold)
    {
        MetricArguments.RequireOneMap(probabilities.Length, height, width, nameof(probabilities));
        return new BitMask(PackGreaterThan(probabilities, threshold), height, width);
    }

    /// <summary>Packs a set of masks that lie one after the other.</summary>
    /// <param name="values">N·H·W values in [N, H, W] order; nonzero is foreground.</param>
    /// <param name="height">Rows H, at least 1.</param>
    /// <param name="width">Columns W, at least 1.</param>
    /// <returns>The N masks; none when there are no values.</returns>
    /// <exception cref="ArgumentException">H·W does not divide the number of values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public static BitMask[] SetFromBytes(ReadOnlySpan<byte> values, int height, int width)
    {
        var masks = new BitMask[MetricArguments.RequireMaps(values.Length, height, width, nameof(values))];
        for (int i = 0; i < masks.Length; i++)
        {
            masks[i] = FromBytes(values.Slice(i * height * width, height * width), height, width);
        }

        return masks;
    }

    /// <summary>Counts the pixels that are foreground in both masks.</summary>
    /// <param name="other">A mask of the same size.</param>
    /// <returns>The count, 0 to H·W.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public int IntersectionCount(BitMask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MetricArguments.RequireSameSize(this, other, nameof(other));
        ReadOnlySpan<ulong> left = _words;
        ReadOnlySpan<ulong> right = other._words.AsSpan(0, left.Length);
        int count = 0;
        for (int i = 0; i < left.Length; i++)
        {
            count += BitOperations.PopCount(left[i] & right[i]);
        }

        return count;
    }

    /// <summary>The pixels that at least <paramref name="votes"/> of the masks call foreground.</summary>
    /// <remarks>Votes are counted in bit planes, 64 pixels at a time; <paramref name="votes"/> is at least 1.</remarks>
    public static BitMask FromVotes(ReadOnlySpan<BitMask> masks, int votes)
    {
        BitMask first = masks[0];
        var words = new ulong[first._words.Length];
        if (votes <= masks.Length)
        {
            Span<ulong> planes = stackalloc ulong[WordBits - BitOperations.LeadingZeroCount((ulong)masks.Length)];
            for (int i = 0; i < words.Length; i++)
            {
                planes.Clear();
                foreach (BitMask mask in masks)
                {
                    AddVote(planes, mask._words[i]);
                }

                words[i] = AtLeast(planes, votes);
            }
        }

        return new BitMask(words, first.Height, first.Width);
    }

    /// <summary>Adds 1 to the count of every pixel that is foreground in this mask.</summary>
    public void AddTo(Span<int> counts)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            for (ulong rest = _words[i]; rest != 0; rest &= rest - 1)
            {
                counts[(i * WordBits) + BitOperations.TrailingZeroCount(rest)]++;
            }
        }
    }

    private static ulong[] PackGreaterThan<T>(ReadOnlySpan<T> values, T threshold)
        where T : struct, INumber<T>
    {
        var words = new ulong[(values.Length + WordBits - 1) / WordBits];
        int wholeWords = values.Length / WordBits;
        ref T start = ref MemoryMarshal.GetReference(values);
        Vector256<T> limit = Vector256.Create(threshold);
        for (int i = 0; i < wholeWords; i++)
        {
            ulong word = 0;
            for (int lane = 0; lane < WordBits; lane += Vector256<T>.Count)
            {
                Vector256<T> block = Vector256.LoadUnsafe(ref start, (nuint)((i * WordBits) + lane));
                word |= (ulong)Vector256.GreaterThan(block, limit).ExtractMostSignificantBits() << lane;
            }

            words[i] = word;
        }

        for (int pixel = wholeWords * WordBits; pixel < values.Length; pixel++)
        {
            if (values[pixel] > threshold)
            {
                words[pixel / WordBits] |= 1UL << (pixel % WordBits);
            }
        }

        return words;
    }

    private static int CountOnes(ReadOnlySpan<ulong> words)
    {
        int count = 0;
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    private static void AddVote(Span<ulong> planes, ulong carry)
    {
        for (int plane = 0; carry != 0; plane++)
        {
            ulong overflow = planes[plane] & carry;
            planes[plane] ^= carry;
            carry = overflow;
        }
    }

    private static ulong AtLeast(ReadOnlySpan<ulong> planes, int votes)
    {
        ulong greater = 0;
        ulong equal = ulong.MaxValue;
        for (int plane = planes.Length - 1; plane >= 0; plane--)
        {
            if (((votes >> plane) & 1) == 0)
            {
                greater |= equal & planes[plane];
                equal &= ~planes[plane];
            }
            else
            {
                equal &= planes[plane];
            }
        }

        return greater | equal;
    }
}
