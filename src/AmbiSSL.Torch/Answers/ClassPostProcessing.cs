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
            var others = OthersOf(own, masks.Slice(start / length * length, length), start % length, size.PixelCount, classes);
            own.Apply(masks.Slice(start, size.PixelCount), size, others);
        }
    }

    /// <summary>The planes of one class of masks after it was done to them, and nothing to the other classes.</summary>
    /// <param name="postProcessing">What is done.</param>
    /// <param name="masks">[N, K, H, W], 0 or 1.</param>
    /// <param name="position">Position of the class.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="classes">The classes K of the masks.</param>
    /// <returns>[N, H, W].</returns>
    public static byte[] ApplyToOne(this PostProcessing postProcessing, ReadOnlySpan<byte> masks, int position, ImageSize size, MaskClasses classes)
    {
        var (length, start) = (classes.Count * size.PixelCount, position * size.PixelCount);
        var planes = new byte[masks.Length / classes.Count];
        for (var sample = 0; sample < masks.Length / length; sample++)
        {
            var mask = masks.Slice(sample * length, length);
            var plane = planes.AsSpan(sample * size.PixelCount, size.PixelCount);
            mask.Slice(start, size.PixelCount).CopyTo(plane);
            postProcessing.Apply(plane, size, OthersOf(postProcessing, mask, start, size.PixelCount, classes));
        }

        return planes;
    }

    /// <summary>Where a mask holds another class than that whose plane begins at a place, and no hole is to be filled; empty for nowhere.</summary>
    private static byte[] OthersOf(PostProcessing postProcessing, ReadOnlySpan<byte> mask, int start, int pixels, MaskClasses classes)
    {
        if (!postProcessing.FillHoles || !classes.IsExclusive)
        {
            return [];
        }

        var others = new byte[pixels];
        for (var i = 0; i < mask.Length; i++)
        {
            others[i % pixels] |= i / pixels * pixels == start ? (byte)0 : mask[i];
        }

        return others;
    }
}
