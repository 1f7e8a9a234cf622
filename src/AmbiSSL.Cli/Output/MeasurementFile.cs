using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// CSV files of a line an image: area and longest diameter, of several classes each with the class before its name, their median and 90 % interval
/// over the samples and those of each sample, in pixels and, where the spacing is known, in millimeters; how uncertain the model is about the image;
/// how unlike the training images it is; and the digest of its pixels.
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
        MaskSizes[] Measure(PixelSpacing? distances) => [.. Enumerable.Range(0, drawn.Masks.Length / size.PixelCount).Select(
            mask => MaskSizes.Of(drawn.Masks.AsSpan(mask * size.PixelCount, size.PixelCount), size, distances))];
        var measured = new SampleMeasurements(Measure(null), UncertaintyScores.Of(drawn.Uncertainty, drawn.Probability, size, drawn.Classes));
        Write(
            path, [drawn.Image.Id, drawn.Image.Subject, drawn.Pixels], drawn.Classes, measured, spacing is null ? null : Measure(spacing), drawn.Unlikeness,
            drawn.UncertaintyParts);
    }

    /// <summary>Writes the file of an image that was drawn from file to files, by a model that cannot tell what it is unlike.</summary>
    /// <param name="path">The file.</param>
    /// <param name="record">The image.</param>
    /// <param name="pixels">The digest of its file.</param>
    /// <param name="classes">The classes of the masks.</param>
    /// <param name="measured">What was drawn, measured.</param>
    public static void Write(string path, ImageRecord record, string pixels, MaskClasses classes, SampleMeasurements measured) =>
        Write(path, [record.Id, record.Subject, pixels], classes, measured, millimeters: null, double.NaN, parts: null);

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

    private static void Write(
        string path, string[] image, MaskClasses classes, SampleMeasurements measured, MaskSizes[]? millimeters, double unlikeness,
        (float[] Experts, float[] Models)? parts)
    {
        (string Name, double[]? Samples)[] quantities = [.. Enumerable.Range(0, classes.Count).SelectMany(OfClass)];
        List<(string Column, string Value)> row = [.. ((string[])["image", "subject", Pixels]).Zip(image)];
        foreach (var (name, samples) in quantities)
        {
            SampleInterval? interval = samples is null ? null : SampleInterval.Of(samples);
            row.Add(($"{name}_median", CsvFile.Number(interval?.Median)));
            row.Add(($"{name}_low", CsvFile.Number(interval?.Low)));
            row.Add(($"{name}_high", CsvFile.Number(interval?.High)));
        }

        row.Add(("uncertainty_mean", CsvFile.Number(measured.Uncertainty.Mean)));
        row.Add(("uncertainty_patch_maximum", CsvFile.Number(measured.Uncertainty.PatchMaximum)));
        row.Add(("uncertainty_per_foreground_pixel", CsvFile.Number(measured.Uncertainty.PerForegroundPixel)));
        row.Add(("unlikeness", CsvFile.Number(unlikeness)));
        if (parts is var (experts, models))
        {
            row.Add(("uncertainty_experts_mean", CsvFile.Number(experts.Average())));
            row.Add(("uncertainty_models_mean", CsvFile.Number(models.Average())));
        }

        for (var sample = 0; sample < measured.Sizes.Count / classes.Count; sample++)
        {
            row.AddRange(quantities.Select(
                quantity => (FormattableString.Invariant($"s{sample + 1}_{quantity.Name}"), CsvFile.Number(quantity.Samples?[sample]))));
        }

        CsvFile.Write(path, [row.Select(cell => cell.Column), row.Select(cell => cell.Value)]);

        IEnumerable<(string Name, double[]? Samples)> OfClass(int position)
        {
            var prefix = classes.Count == 1 ? "" : $"{classes.Names[position]}_";
            double[]? Samples(IReadOnlyList<MaskSizes>? sizes, Func<MaskSizes, double> quantity) =>
                sizes?.Where((_, i) => i % classes.Count == position).Select(quantity).ToArray();
            yield return ($"{prefix}area_pixels", Samples(measured.Sizes, sample => sample.Area));
            yield return ($"{prefix}area_mm2", Samples(millimeters, sample => sample.Area));
            yield return ($"{prefix}diameter_pixels", Samples(measured.Sizes, sample => sample.LongestDiameter));
            yield return ($"{prefix}diameter_mm", Samples(millimeters, sample => sample.LongestDiameter));
        }
    }
}
