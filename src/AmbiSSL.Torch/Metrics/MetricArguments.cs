namespace AmbiSSL.Torch.Metrics;

/// <summary>The checks that the metrics share; each failure says the value, the limit and the remedy.</summary>
internal static class MetricArguments
{
    public static void RequireSides(int height, int width)
    {
        if (height < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), height, $"The height is {height}; it must be at least 1. Give the number of rows of one mask.");
        }

        if (width < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(width), width, $"The width is {width}; it must be at least 1. Give the number of columns of one mask.");
        }
    }

    public static void RequireOneMap(int length, int height, int width, string name)
    {
        RequireSides(height, width);
        if (length != (long)height * width)
        {
            throw new ArgumentException(
                $"There are {length} values; a map of {height}x{width} needs {(long)height * width}. Give H·W values, row by row.", name);
        }
    }

    public static int RequireMaps(int length, int height, int width, string name)
    {
        RequireSides(height, width);
        long pixels = (long)height * width;
        if (length % pixels != 0)
        {
            throw new ArgumentException(
                $"There are {length} values, not a multiple of {height}x{width} = {pixels}. Give whole maps, one after the other.", name);
        }

        return (int)(length / pixels);
    }

    public static void RequireSameSize(BitMask expected, BitMask actual, string name)
    {
        if (actual.Height != expected.Height || actual.Width != expected.Width)
        {
            throw new ArgumentException(
                $"A mask of {actual.Height}x{actual.Width} was compared with one of {expected.Height}x{expected.Width}; "
                + "all masks of an image must have one size. Resample them to the size of the image.",
                name);
        }
    }

    public static void RequireSet(ReadOnlySpan<BitMask> masks, string name)
    {
        if (masks.IsEmpty)
        {
            throw new ArgumentException(
                $"There are 0 masks in {name}; this metric needs at least 1. Leave out images without annotations.", name);
        }

        foreach (BitMask mask in masks)
        {
            if (mask is null)
            {
                throw new ArgumentException($"A mask in {name} is null. Give a mask at every position.", name);
            }

            RequireSameSize(masks[0], mask, name);
        }
    }

    public static void RequireSets(
        ReadOnlySpan<BitMask> samples,
        ReadOnlySpan<BitMask> annotations,
        string samplesName = "samples",
        string annotationsName = "annotations")
    {
        RequireSet(samples, samplesName);
        RequireSet(annotations, annotationsName);
        RequireSameSize(annotations[0], samples[0], samplesName);
    }
}
