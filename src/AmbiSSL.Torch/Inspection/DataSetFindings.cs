using System.Globalization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Torch.Inspection;

/// <summary>What is wrong with the files, the sizes, and who has which images.</summary>
internal static class DataSetFindings
{
    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> Of(
        IReadOnlyList<ImageFacts> images, IReadOnlyList<LeftOutFile> leftOut, Preprocessing preprocessing, MaskClasses classes)
    {
        if (images.Where(image => image.Fault is not null).ToArray() is { Length: > 0 } faulty)
        {
            yield return new Finding(
                FindingHarm.Wrong,
                "Images or their masks cannot be read",
                FormattableString.Invariant($"{faulty.Length} of them. The first: {faulty[0].Fault}"),
                Examples.Ids(faulty));
        }

        if (leftOut.Count > 0)
        {
            yield return new Finding(FindingHarm.Suspicious, "Files are not read", LeftOutFile.Summarize(leftOut), []);
        }

        if (Kinds(images, image => ImageFormat.Of(preprocessing.Fit(image.Shape) ?? image.Shape, image.Type, preprocessing).Shape) is { } sizes)
        {
            yield return new Finding(
                FindingHarm.Wrong,
                "Images have several sizes",
                $"{sizes.Words} (channels x height x width). Training needs one: set a new size (--size) or a crop (--crop), or see images through windows "
                + "(--window); convert files where the number of channels differs. Images of another size than the first were not looked at.",
                sizes.Others);
        }

        if (Kinds(images, image => image.Type.InWords()) is { } types)
        {
            yield return new Finding(
                FindingHarm.Wrong,
                "Images have several kinds of pixels",
                $"{types.Words}. Save all with the same number of bits.",
                types.Others);
        }

        if (!images.Any(image => image.IsLabeled))
        {
            yield return new Finding(FindingHarm.Wrong, "No image has a mask", "Training needs at least one that has.", []);
        }
        else if (images.SelectMany(image => image.Masks).Any() && images.SelectMany(image => image.Masks).All(mask => mask.Area == 0))
        {
            ImageFacts[] labeled = [.. images.Where(image => image.Masks.Count > 0)];
            var none = ForegroundCheck.NoneOf(labeled.Sum(image => image.Masks.Count), $"{labeled.Length} annotated images", classes, preprocessing);
            yield return new Finding(
                FindingHarm.Wrong,
                "All masks are empty",
                $"{char.ToUpperInvariant(none[0])}{none[1..]}; {ForegroundCheck.Remedy(classes, preprocessing)}.",
                []);
        }

        foreach (var subject in images.GroupBy(image => image.Record.Subject, StringComparer.Ordinal))
        {
            int?[] folds = [.. subject.Select(image => image.Record.Fold).Distinct()];
            if (folds.Length > 1)
            {
                yield return new Finding(
                    FindingHarm.Wrong,
                    "A subject is in several folds",
                    $"'{subject.Key}' is in {string.Join(", ", folds.Select(fold => fold?.ToString(CultureInfo.InvariantCulture) ?? "none"))}: what was "
                    + "learned of it would be tested on it. Give all its images one fold.",
                    Examples.Ids(subject));
            }
        }

        if (SimilarNames.Of(
            "Subjects have almost the same name", images.Select(image => image.Record.Subject),
            "Where they are one patient, splits separate what belongs together: write the name alike everywhere.") is { } subjects)
        {
            yield return subjects;
        }

        if (images.Count > 1 && images.All(image => image.Record.Subject == image.Id))
        {
            yield return new Finding(
                FindingHarm.Note,
                "Every image is its own subject",
                "Where patients have several images, name the patients, or splits separate what belongs together.",
                []);
        }
    }

    /// <summary>How many images are of each kind, the most frequent first; null where all are of one.</summary>
    private static (string Words, string[] Others)? Kinds<T>(IReadOnlyList<ImageFacts> images, Func<(ImageShape Shape, PixelType Type), T> kind)
        where T : notnull
    {
        var kinds = images.Where(image => image.Stored is not null).ToLookup(image => kind(image.Stored!.Value))
            .OrderByDescending(group => group.Count()).ToList();
        return kinds.Count < 2
            ? null
            : (string.Join(", ", kinds.Select(group => FormattableString.Invariant($"{group.Count()} of {group.Key}"))),
               [.. kinds.Skip(1).SelectMany(Examples.Ids)]);
    }
}
