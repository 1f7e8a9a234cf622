using System.Numerics;

namespace AmbiSSL.Torch.Inspection;

/// <summary>Images and masks that are there twice.</summary>
internal static class DuplicateFindings
{
    // Of thumbnails; images of other patients stay below, and a picture that was saved again or made brighter above.
    private const float Same = 0.999f;

    // Smaller masks of two images may be the same by chance.
    private const int SmallestTellingMask = 200;

    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> Of(IReadOnlyList<ImageFacts> images)
    {
        ImageFacts[][] same =
            [.. images.Where(image => image.IsRead).GroupBy(image => image.Hash).Select(group => group.ToArray()).Where(group => group.Length > 1)];
        var leaks = Array.FindAll(same, group => !IsOneSubject(group));
        if (leaks.Length > 0)
        {
            yield return Found(
                FindingHarm.Wrong, leaks,
                "The same image is in several subjects",
                "A model would be tested on what it learned. Give these one subject, or remove the copies.");
        }

        if (Array.FindAll(same, IsOneSubject) is { Length: > 0 } copies)
        {
            yield return Found(
                FindingHarm.Suspicious, copies,
                "The same image has several ids",
                "It would count more than others, and masks of one copy are no masks of the other. Remove the copies.");
        }

        if (NearlySame(images) is { Length: > 0 } near)
        {
            yield return Found(
                FindingHarm.Suspicious, near,
                "Images of several subjects are almost the same",
                "They may be one picture that was saved twice, or neighboring slices; then give them one subject.");
        }

        ImageFacts[][] masks =
        [
            .. images.SelectMany(image => image.Masks.Where(mask => IsTelling(mask, image)).Select(mask => (mask.Hash, Image: image)))
                .GroupBy(pair => pair.Hash, pair => pair.Image)
                .Select(group => group.DistinctBy(image => image.Hash).ToArray())
                .Where(group => !IsOneSubject(group)),
        ];
        if (masks.Length > 0)
        {
            yield return Found(
                FindingHarm.Suspicious, masks,
                "The same mask is on different images of several subjects",
                "One of them may be named after the wrong image.");
        }
    }

    private static bool IsTelling(MaskFacts mask, ImageFacts image) => mask.Area >= SmallestTellingMask && mask.Area < image.PixelCount;

    private static bool IsOneSubject(ImageFacts[] group) => Array.TrueForAll(group, image => image.Record.Subject == group[0].Record.Subject);

    private static Finding Found(FindingHarm harm, ImageFacts[][] groups, string what, string remedy)
    {
        var (first, second) = (groups[0][0], groups[0].First(image => image != groups[0][0]));
        var example = first.Record.Subject == second.Record.Subject
            ? $"'{first.Id}' and '{second.Id}'"
            : $"'{first.Id}' of '{first.Record.Subject}' and '{groups[0].First(image => image.Record.Subject != first.Record.Subject).Id}' of "
                + $"'{groups[0].First(image => image.Record.Subject != first.Record.Subject).Record.Subject}'";
        return new Finding(
            harm,
            what,
            $"{Examples.Times(groups.Length)}, such as {example}. {remedy}",
            Examples.Ids(groups.SelectMany(group => group).Distinct()));
    }

    /// <summary>Pairs of images of two subjects whose thumbnails are the same but for brightness and contrast; equal images are no pair.</summary>
    private static ImageFacts[][] NearlySame(IReadOnlyList<ImageFacts> images)
    {
        ImageFacts[] all = [.. images.Where(image => image.Thumbnail.Length > 0)];
        return
        [
            .. from a in Enumerable.Range(0, all.Length).AsParallel().AsOrdered()
               from b in Enumerable.Range(0, a)
               where Dot(all[a].Thumbnail, all[b].Thumbnail) >= Same
                   && all[a].Record.Subject != all[b].Record.Subject && all[a].Hash != all[b].Hash
               select (ImageFacts[])[all[b], all[a]],
        ];
    }

    private static float Dot(float[] a, float[] b)
    {
        var sum = Vector<float>.Zero;
        for (var i = 0; i < a.Length; i += Vector<float>.Count)
        {
            sum += new Vector<float>(a, i) * new Vector<float>(b, i);
        }

        return Vector.Sum(sum);
    }
}
