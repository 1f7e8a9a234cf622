namespace AmbiSSL.Torch.Answers;

/// <summary>Post-processing of masks of several classes: a list of what is done to each.</summary>
internal static class ClassPostProcessing
{
    /// <summary>What is done to each class, where one thing is said for all or one for each.</summary>
    /// <exception cref="ArgumentException">There are more or fewer, or a number is out of its range.</exception>
    public static PostProcessing[] ForClasses(this IReadOnlyList<PostProcessing> postProcessing, MaskClasses classes)
    {
        if (postProcessing.Count != 1 && postProcessing.Count != classes.Count)
        {
            throw new ArgumentException(
                $"There is post-processing of {postProcessing.Count} classes, and the model tells {classes} apart; give one for all of them or one for each.",
                nameof(postProcessing));
        }

        foreach (var own in postProcessing)
        {
            ArgumentNullException.ThrowIfNull(own, nameof(postProcessing));
            own.Validate();
        }

        return [.. Enumerable.Range(0, classes.Count).Select(position => postProcessing[postProcessing.Count == 1 ? 0 : position])];
    }

    /// <summary>
    /// Does it to masks one after the other, and to each class by itself. Where classes exclude each other, no hole is filled that is another class's.
    /// </summary>
    /// <param name="postProcessing">What is done to each class.</param>
    /// <param name="masks">[B, N, K, H, W], 0 or 1.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="classes">The classes of the masks.</param>
    public static void ApplyToEach(this IReadOnlyList<PostProcessing> postProcessing, Span<byte> masks, ImageSize size, MaskClasses classes)
    {
        var length = classes.Count * size.PixelCount;
        for (var start = 0; start < masks.Length; start += size.PixelCount)
        {
            var own = postProcessing[start % length / size.PixelCount];
            var others = own.FillHoles && classes.IsExclusive ? OthersOf(masks.Slice(start / length * length, length), start % length, size.PixelCount) : [];
            own.Apply(masks.Slice(start, size.PixelCount), size, others);
        }
    }

    /// <summary>Where a mask holds another class than that whose plane begins at a place.</summary>
    private static byte[] OthersOf(ReadOnlySpan<byte> mask, int start, int pixels)
    {
        var others = new byte[pixels];
        for (var i = 0; i < mask.Length; i++)
        {
            others[i % pixels] |= i / pixels * pixels == start ? (byte)0 : mask[i];
        }

        return others;
    }
}
