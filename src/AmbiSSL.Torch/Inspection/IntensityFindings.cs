namespace AmbiSSL.Torch.Inspection;

/// <summary>Values of pixels that a network takes badly.</summary>
internal static class IntensityFindings
{
    // Beyond it a float image holds a scanner's units or integers, not normalized values.
    private const float MostOfNormalized = 16;
    private const double Sixteenfold = 16;
    private const double LeastShareOfRange = 1 / 15.9;

    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> Of(IReadOnlyList<ImageFacts> images)
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

        var (low, high) = (read.Min(image => image.Low), read.Max(image => image.High));
        if (low < 0 || high > 1)
        {
            yield return new Finding(
                Math.Max(-low, high) > MostOfNormalized ? FindingHarm.Wrong : FindingHarm.Suspicious,
                "Values lie outside 0 to 1",
                FormattableString.Invariant($"They go from {low:G4} to {high:G4}, and networks expect 0 to 1. Scale the images."),
                Examples.Ids(read.Where(image => image.Low < 0 || image.High > 1)));
            yield break;
        }

        if (high > 0 && high < LeastShareOfRange)
        {
            yield return new Finding(
                FindingHarm.Wrong,
                "Images are nearly black",
                FormattableString.Invariant($"No value is above {high:F3}, where 1 is the most of the type, as when 12 bits are saved in 16. ")
                + "Scale the images to the range of their type.",
                []);
            yield break;
        }

        double[] ranges = [.. read.Select(image => (double)image.High - image.Low).Where(range => range > 0).Order()];
        var typical = ranges.Length == 0 ? 0 : ranges[ranges.Length / 2];
        var others = Array.FindAll(
            read, image => image.High > image.Low && (image.High - image.Low) * Sixteenfold <= typical);
        if (others.Length > 0)
        {
            yield return Examples.Finding(
                FindingHarm.Suspicious,
                "Images have much less contrast than others",
                others,
                FormattableString.Invariant($"Their values span less than a sixteenth of the {typical:G3} that is usual here. ")
                + "They may have been saved with another number of bits; scale them like the others.");
        }
    }
}
