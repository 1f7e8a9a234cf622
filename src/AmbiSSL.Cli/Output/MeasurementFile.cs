using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// CSV files of a line an image: area and longest diameter, of several classes each with the class before its name, their median and 90 % interval over the samples and those of each sample, in pixels and, where the
/// spacing is known, in millimeters; how uncertain the model is about the image; how unlike the training images it is; and the digest of its pixels.
/// </summary>
internal static class MeasurementFile
{
    private const string Pixels = "pixels";

    /// <summary>Writes the file of one image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="drawn">What the model drew.</param>
    /// <param name="spacing">The distances of the image's pixels; null where nobody knows them.</param>
    public static void Write(string path, ScoredImage drawn, PixelSpacing? spacing)
    {
        var size = drawn.Image.Shape.Size;
        var masks = new MaskSet(size, drawn.Masks, null, null, drawn.Classes);
        var uncertainty = UncertaintyScores.Of(drawn.Uncertainty, drawn.Probability, size, drawn.Classes);
        (string Name, double[]? Samples)[] quantities = [.. Enumerable.Range(0, drawn.Classes.Count).SelectMany(OfClass)];
        List<(string Column, string Value)> row = [("image", drawn.Image.Id), ("subject", drawn.Image.Subject), (Pixels, drawn.Pixels)];
        foreach (var (name, samples) in quantities)
        {
            SampleInterval? interval = samples is null ? null : SampleInterval.Of(samples);
            row.Add(($"{name}_median", CsvFile.Number(interval?.Median)));
            row.Add(($"{name}_low", CsvFile.Number(interval?.Low)));
            row.Add(($"{name}_high", CsvFile.Number(interval?.High)));
        }

        row.Add(("uncertainty_mean", CsvFile.Number(uncertainty.Mean)));
        row.Add(("uncertainty_patch_maximum", CsvFile.Number(uncertainty.PatchMaximum)));
        row.Add(("uncertainty_per_foreground_pixel", CsvFile.Number(uncertainty.PerForegroundPixel)));
        row.Add(("unlikeness", CsvFile.Number(drawn.Unlikeness)));
        if (drawn.UncertaintyParts is var (experts, models))
        {
            row.Add(("uncertainty_experts_mean", CsvFile.Number(experts.Average())));
            row.Add(("uncertainty_models_mean", CsvFile.Number(models.Average())));
        }

        for (var sample = 0; sample < masks.Count; sample++)
        {
            row.AddRange(quantities.Select(quantity => (FormattableString.Invariant($"s{sample + 1}_{quantity.Name}"), CsvFile.Number(quantity.Samples?[sample]))));
        }

        CsvFile.Write(path, [row.Select(cell => cell.Column), row.Select(cell => cell.Value)]);

        IEnumerable<(string Name, double[]? Samples)> OfClass(int position)
        {
            var prefix = drawn.Classes.Count == 1 ? "" : $"{drawn.Classes.Names[position]}_";
            var own = masks.OfClass(position);
            MaskSizes[] Measure(PixelSpacing? distances) => [.. Enumerable.Range(0, own.Count).Select(sample => MaskSizes.Of(own[sample], size, distances))];
            var (pixels, millimeters) = (Measure(null), spacing is null ? null : Measure(spacing));
            yield return ($"{prefix}area_pixels", Array.ConvertAll(pixels, sample => sample.Area));
            yield return ($"{prefix}area_mm2", millimeters?.Select(sample => sample.Area).ToArray());
            yield return ($"{prefix}diameter_pixels", Array.ConvertAll(pixels, sample => sample.LongestDiameter));
            yield return ($"{prefix}diameter_mm", millimeters?.Select(sample => sample.LongestDiameter).ToArray());
        }
    }

    /// <summary>Writes the file of an image of which nothing is measured.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The image.</param>
    /// <param name="pixels">The digest of its file.</param>
    public static void Write(string path, ImageRecord record, string pixels) =>
        CsvFile.Write(path, [["image", "subject", Pixels], [record.Id, record.Subject, pixels]]);

    /// <summary>The digest of the pixels that an image was drawn from.</summary>
    public static string PixelsOf(string path) => CsvFile.Read(path).Single()[Pixels];

    /// <summary>Puts the files of images into one, in their order.</summary>
    public static void Join(string path, IEnumerable<string> files) => AtomicFile.Write(path, stream =>
    {
        using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (var (file, position) in files.Select((file, position) => (file, position)))
        {
            var content = File.ReadAllText(file);
            text.Write(position == 0 ? content : content[(content.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        }
    });
}
