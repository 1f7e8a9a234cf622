using System.Text.Json.Nodes;
using AmbiSSL.Torch.Tests.Imaging;

namespace AmbiSSL.Torch.Tests.Reports;

/// <summary>Reports of images that are seen through at a glance.</summary>
internal static class TinyReport
{
    public static readonly ImageSize Size = new(4, 4);

    /// <summary>An image of 4 x 4 pixels with masks of its first so many pixels.</summary>
    public static AnnotatedImage Image(string id, string subject, params int[] areas) => new(
        id, subject, new ImagePixels(new ImageShape(1, 4, 4), [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 16))]), new MaskSet(Size, Masks(areas)));

    /// <summary>Samples of the first so many pixels, and their mean.</summary>
    public static SampledMasks Drawn(params int[] areas) => new(
        Masks(areas), [.. Enumerable.Range(0, 16).Select(i => (float)areas.Count(area => i < area) / areas.Length)]);

    /// <summary>Masks of the first so many pixels.</summary>
    public static byte[] Masks(params int[] areas) =>
        [.. areas.SelectMany(area => Enumerable.Range(0, 16).Select(i => i < area ? (byte)1 : (byte)0))];

    /// <summary>An image with masks whose core is the first so many pixels, and whose rim the eight behind it.</summary>
    public static AnnotatedImage ImageOfClasses(string id, params int[] cores) =>
        new(id, id, Image(id, id, 0).Pixels, new MaskSet(Size, Planes(cores), null, null, new MaskClasses(["core", "rim"])));

    /// <summary>Samples of such masks, and their mean.</summary>
    public static SampledMasks DrawnClasses(params int[] cores)
    {
        var planes = Planes(cores);
        return new(
            planes, [.. Enumerable.Range(0, 32).Select(i => (float)Enumerable.Range(0, cores.Length).Sum(sample => planes[(sample * 32) + i]) / cores.Length)]);
    }

    private static byte[] Planes(int[] cores) => [.. cores.SelectMany(core => (byte[])
        [.. Masks(core), .. Enumerable.Range(0, 16).Select(i => i >= core && i < core + 8 ? (byte)1 : (byte)0)])];

    /// <summary>What the page of a report reads.</summary>
    public static JsonNode Values(EvaluationReport report)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("report.html");
        report.Save(path);
        return ReportPage.Values(path);
    }
}
