using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Torch.Inspection;

/// <summary>Values of pixels that a network takes badly.</summary>
internal static class IntensityFindings
{
    /// <summary>The findings.</summary>
    /// <param name="images">All images.</param>
    /// <param name="window">What the training will see them through; null for no window.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<ImageFacts> images, IntensityWindow? window)
    {
        ImageFacts[] read = [.. images.Where(image => image.IsRead)];
        if (read.Length == 0)
        {
            yield break;
        }

        if (Array.FindAll(read, image => !float.IsFinite(image.Low) || !float.IsFinite(image.High)) is { Length: > 0 } infinite)
        {
            yield return Examples.Finding(
                FindingHarm.Wrong, "Values are no finite numbers", infinite, "Training would stop; remove or mend them.");
            yield break;
        }

        if (Array.FindAll(read, image => image.High == image.Low) is { Length: > 0 } constant)
        {
            yield return Examples.Finding(
                FindingHarm.Suspicious, "Images have one value everywhere", constant, "Nothing can be seen in them; a file may be a mask.");
        }

        var ranges = Array.ConvertAll(read, image => new IntensityRange(image.Low, image.High));
        var all = ranges.Aggregate((first, second) => first.And(second));
        PixelType[] types = [.. read.Select(image => image.Stored!.Value.Type).Distinct()];
        if (types is [var type] && IntensityCheck.OfTraining(type, new IntensityRange(all.Low * type.Most(), all.High * type.Most()), window) is { } fault)
        {
            yield return new Finding(
                FindingHarm.Wrong,
                window is not null ? "The window leaves nothing to see"
                : type == PixelType.Float32 ? "Values lie outside 0 to 1"
                : "Images are nearly black",
                $"{char.ToUpperInvariant(fault.Problem[0])}{fault.Problem[1..]}; {fault.Remedy}.",
                Examples.Ids(read.Where(image => type == PixelType.Float32 && (image.Low < 0 || image.High > 1))));
            yield break;
        }

        var widest = ranges.MaxBy(range => range.Span);
        if (read.Where((_, i) => ranges[i].IsNarrowBeside(widest)).ToArray() is { Length: > 0 } narrow)
        {
            yield return Examples.Finding(
                FindingHarm.Suspicious,
                "Images have much less contrast than others",
                narrow,
                $"Their values span a sixteenth or less of those of another, {Text(widest, types)}. "
                + "They may have been saved with another number of bits; scale all alike.");
        }
    }

    // As they are stored, where all are so in one type.
    private static IntensityRange Text(IntensityRange range, PixelType[] types) =>
        types is [var type] ? new IntensityRange(range.Low * type.Most(), range.High * type.Most()) : range;
}
