namespace AmbiSSL.Torch.Inspection;

/// <summary>Masks that look like something else, and readers whose masks do not fit their images.</summary>
internal static class MaskFindings
{
    private const int CornersOfAnInvertedMask = 3;
    private const int Fewest = 8;

    // By so many pixels outlines reach over a border that they mean to follow.
    private const float Rounding = 1;

    // In so many images a reader has not merely overlooked a class that another one drew.
    private const int FewestWithoutClass = 3;

    // How many standard errors, and how many times, another orientation must fit better.
    private const double Errors = 3;
    private const double Ratio = 1.3;

    // What share of the others' agreement a reader must reach: of one whose masks fit better in another orientation, and of any.
    private const double LeastOfTurned = 0.75;
    private const double Least = 0.5;

    /// <summary>The findings.</summary>
    /// <param name="images">All images.</param>
    /// <param name="readers">The readers' statistics.</param>
    /// <param name="classes">The classes' statistics.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<ImageFacts> images, IReadOnlyList<ReaderStatistics> readers, IReadOnlyList<ClassStatistics> classes)
    {
        var masks = images.Sum(image => image.Masks.Count);
        if (With(images, IsFull) is { Length: > 0 } full)
        {
            yield return Examples.Finding(
                Harm(images, IsFull, masks), "A mask is foreground everywhere", full, "Labels may be in another channel.");
        }

        if (With(images, IsInverted) is { Length: > 0 } inverted)
        {
            yield return Examples.Finding(
                Harm(images, IsInverted, masks), "A mask is foreground on three corners or more", inverted,
                "Foreground and background may be exchanged.");
        }

        if (images.Where(image => image.Beyond > Rounding).ToArray() is { Length: > 0 } beyond)
        {
            yield return Examples.Finding(
                FindingHarm.Suspicious,
                "Outlines reach over the border of their image",
                beyond,
                FormattableString.Invariant($"They do by up to {beyond.Max(image => image.Beyond):F0} pixels, which are cut off. Nothing is lost where ")
                + "annotators drew past the border; otherwise the outlines may be for images of another size, or of other images.");
        }

        if (BetterOrientation(images, reader: null) is { } better)
        {
            yield return new Finding(
                FindingHarm.Wrong,
                "Masks do not lie on their images",
                $"They fit better {better}. Images or masks may have been turned when they were saved.",
                []);
        }

        foreach (var absent in classes.Where(own => classes.Count > 1 && own.Masks > 0 && own.EmptyMasks == own.Masks))
        {
            yield return new Finding(
                FindingHarm.Suspicious,
                "A class is in no mask",
                $"That is {absent.Name}. A model learns nothing of it; its values or its name may be others.",
                []);
        }

        foreach (var reader in readers.Where(reader => reader.EmptyMasks == reader.Masks && reader.Masks >= Fewest && readers.Count > 1))
        {
            yield return new Finding(
                FindingHarm.Suspicious, "All masks of a reader are empty", $"Those of {reader.Name}. Leave them out where nobody looked.", []);
        }

        if (SimilarNames.Of(
            "Readers have almost the same name", readers.Select(reader => reader.Name),
            "Where they are one person, write the name alike everywhere.") is { } names)
        {
            yield return names;
        }

        foreach (var finding in Abstainers(images, readers, classes))
        {
            yield return finding;
        }

        foreach (var finding in Copies(images, readers))
        {
            yield return finding;
        }

        foreach (var finding in Strangers(images, readers))
        {
            yield return finding;
        }
    }

    private static bool IsFull(MaskFacts mask, ImageFacts image) => mask.Classes.Any(own => own.Area == image.PixelCount);

    private static bool IsInverted(MaskFacts mask, ImageFacts image) => mask.Classes.Any(own => own.Corners >= CornersOfAnInvertedMask) && !IsFull(mask, image);

    /// <summary>Most masks cannot be so by chance.</summary>
    private static FindingHarm Harm(IReadOnlyList<ImageFacts> images, Func<MaskFacts, ImageFacts, bool> isSo, int masks) =>
        2 * images.Sum(image => image.Masks.Count(mask => isSo(mask, image))) > masks ? FindingHarm.Wrong : FindingHarm.Suspicious;

    private static ImageFacts[] With(IReadOnlyList<ImageFacts> images, Func<MaskFacts, ImageFacts, bool> isSo) =>
        [.. images.Where(image => image.Masks.Any(mask => isSo(mask, image)))];

    /// <summary>
    /// The orientation in which the masks' outlines lie on stronger edges than as they are, in words, by a paired comparison over subjects; null
    /// where none is.
    /// </summary>
    private static string? BetterOrientation(IReadOnlyList<ImageFacts> images, string? reader)
    {
        double[][] fits =
        [
            .. images.GroupBy(image => image.Record.Subject, StringComparer.Ordinal)
                .Select(subject => subject.SelectMany(image => image.Masks)
                    .Where(mask => mask.EdgeFit.Length > 0 && (reader is null || mask.Reader == reader))
                    .Select(mask => mask.EdgeFit)
                    .ToArray())
                .Where(masks => masks.Length > 0)
                .Select(masks => Enumerable.Range(0, masks.Min(fit => fit.Length)).Select(way => masks.Average(fit => fit[way])).ToArray()),
        ];
        if (fits.Length < Fewest)
        {
            return null;
        }

        var best = Enumerable.Range(0, fits.Min(fit => fit.Length)).MaxBy(orientation => fits.Average(fit => fit[orientation]));
        double[] gains = [.. fits.Select(fit => fit[best] - fit[0])];
        var gain = gains.Average();
        var error = Math.Sqrt(gains.Sum(value => (value - gain) * (value - gain)) / (gains.Length - 1) / gains.Length);
        var (asTheyAre, turned) = (fits.Average(fit => fit[0]), fits.Average(fit => fit[best]));
        return gain > Errors * error && turned > Ratio * asTheyAre
            ? FormattableString.Invariant($"{SquareSymmetry.InWords(best)}: their outlines then lie on edges of {turned:F2} times the average, and of ")
                + FormattableString.Invariant($"{asTheyAre:F2} times as they are")
            : null;
    }

    /// <summary>Readers who drew something, but nowhere a class that others drew in images of theirs.</summary>
    private static IEnumerable<Finding> Abstainers(
        IReadOnlyList<ImageFacts> images, IReadOnlyList<ReaderStatistics> readers, IReadOnlyList<ClassStatistics> classes)
    {
        foreach (var reader in readers.Where(reader => classes.Count > 1 && reader.EmptyMasks < reader.Masks))
        {
            ImageFacts[] own = [.. images.Where(image => Mask(image, reader) is not null)];
            for (var number = 0; number < classes.Count; number++)
            {
                ImageFacts[] drawn = [.. own.Where(image => image.Masks.Any(mask => mask.Classes[number].Area > 0))];
                if (drawn.Length >= FewestWithoutClass && !own.Any(image => Mask(image, reader)!.Classes[number].Area > 0))
                {
                    yield return new Finding(
                        FindingHarm.Suspicious,
                        "A reader never draws a class",
                        $"{reader.Name} has {classes[number].Name} in none of {own.Length} masks, and others have it in {drawn.Length} of these images, "
                        + $"such as '{drawn[0].Id}'. A model takes that for an opinion. The class may have another value or name in these masks; where the "
                        + "reader was not asked for it, leave the masks out.",
                        []);
                }
            }
        }
    }

    /// <summary>Pairs of readers who drew the very same in all images that both outlined.</summary>
    private static IEnumerable<Finding> Copies(IReadOnlyList<ImageFacts> images, IReadOnlyList<ReaderStatistics> readers)
    {
        for (var a = 0; a < readers.Count; a++)
        {
            for (var b = a + 1; b < readers.Count; b++)
            {
                var both = images
                    .Select(image => (First: Mask(image, readers[a]), Second: Mask(image, readers[b])))
                    .Where(pair => pair is { First: not null, Second: not null } && pair.First.Area + pair.Second.Area > 0)
                    .ToArray();
                if (both.Length >= Fewest && Array.TrueForAll(both, pair => pair.First!.Hash == pair.Second!.Hash))
                {
                    yield return new Finding(
                        FindingHarm.Suspicious,
                        "Two readers have the very same masks",
                        FormattableString.Invariant($"{readers[a].Name} and {readers[b].Name}, in all {both.Length} images that both have. ")
                        + "One may be a copy, which says nothing about where experts disagree.",
                        []);
                }
            }
        }
    }

    private static MaskFacts? Mask(ImageFacts image, ReaderStatistics reader) => image.Masks.FirstOrDefault(mask => mask.Reader == reader.Name);

    /// <summary>Readers who agree with the others much less than these among themselves, over images with masks of three and more.</summary>
    private static IEnumerable<Finding> Strangers(IReadOnlyList<ImageFacts> images, IReadOnlyList<ReaderStatistics> readers)
    {
        foreach (var reader in readers)
        {
            var shared = images
                .Where(image => image.Masks.Count > 2)
                .Select(image => (Image: image, Own: Mask(image, reader)))
                .Where(pair => pair.Own is not null)
                .Select(pair => (Own: pair.Own!.Agreement, Others: AgreementWithout(pair.Own, pair.Image.Masks)))
                .ToArray();
            if (shared.Length < Fewest)
            {
                continue;
            }

            var (own, others) = (shared.Average(pair => pair.Own), shared.Average(pair => pair.Others));
            var better = own < LeastOfTurned * others ? BetterOrientation(images, reader.Name) : null;
            if (better is not null || own < Least * others)
            {
                yield return new Finding(
                    better is null ? FindingHarm.Suspicious : FindingHarm.Wrong,
                    "A reader's masks lie elsewhere",
                    FormattableString.Invariant($"Those of {reader.Name} agree with the others' by {own:F2}, and these among themselves by {others:F2}. ")
                    + (better is null ? "They may be shifted, of another lesion, or of other images." : $"They fit better {better}."),
                    []);
            }
        }
    }

    /// <summary>Mean over the pairs of an image's masks of which one mask is no part.</summary>
    private static double AgreementWithout(MaskFacts own, IReadOnlyList<MaskFacts> masks)
    {
        var others = masks.Count - 1;
        return (masks.Sum(mask => mask.Agreement) - (2 * own.Agreement)) / (others - 1);
    }
}
