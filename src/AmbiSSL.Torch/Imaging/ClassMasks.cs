namespace AmbiSSL.Torch.Imaging;

/// <summary>Puts together the masks of an image that were read one by one.</summary>
internal static class ClassMasks
{
    /// <summary>Masks that were read from files of their own.</summary>
    /// <param name="what">Whose masks they are, for errors.</param>
    /// <param name="size">Size of each.</param>
    /// <param name="files">A masks; where each class has a file, A·K of one class, those of a mask one after the other.</param>
    /// <param name="readers">The name of each mask's reader; empty where nobody is known.</param>
    /// <param name="reading">Which classes there are, and whether each has a file.</param>
    /// <param name="paths">Where the files are, in their order; null where they are none.</param>
    /// <exception cref="InvalidDataException">Two files of classes that do not overlap have a pixel in common.</exception>
    public static MaskSet OfFiles(
        string what, ImageSize size, IReadOnlyList<MaskSet> files, IReadOnlyList<string> readers, ReadingOptions reading, IReadOnlyList<string>? paths = null)
    {
        var each = reading.NamedClasses?.Classes.Count ?? 1;
        var (values, ignored) = (new byte[files.Sum(file => file.Values.Length)], Array.Empty<byte>());
        var next = 0;
        for (var file = 0; file < files.Count; file++)
        {
            files[file].Values.CopyTo(values.AsSpan(next));
            next += files[file].Values.Length;
            if (files[file].Ignored.Length > 0)
            {
                // What one class leaves open is open.
                ignored = ignored.Length > 0 ? ignored : new byte[files.Count / each * size.PixelCount];
                var own = ignored.AsSpan(file / each * size.PixelCount, size.PixelCount);
                for (var pixel = 0; pixel < own.Length; pixel++)
                {
                    own[pixel] |= files[file].Ignored[pixel];
                }
            }
        }

        try
        {
            return new MaskSet(size, values, readers, ignored, reading.MaskClasses);
        }
        catch (ArgumentException exception) when (reading.NamedClasses is not null)
        {
            // Ignored pixels are of no class.
            var masks = new MaskSet(size, values, readers, ignored, new MaskClasses(reading.MaskClasses.Names, overlap: true));
            throw MaskSet.FindTwoClasses(masks.Values, each, size.PixelCount) is var (mask, pixel, first, second)
                ? new InvalidDataException(
                    (paths is null
                        ? $"Mask {mask + 1}{(readers.Count == 0 ? "" : $", by '{readers[mask]}',")} of {what} has a pixel of the classes "
                            + $"'{masks.Classes.Names[first]}' and '{masks.Classes.Names[second]}'"
                        : $"Masks '{paths[(mask * each) + first]}' and '{paths[(mask * each) + second]}' of {what} have a pixel in common")
                    + $", in row {(pixel / size.Width) + 1} and column {(pixel % size.Width) + 1}, counted from 1; give it one class, or say that classes "
                    + "overlap (--overlap).",
                    exception)
                : new InvalidDataException($"The masks of {what} do not fit each other. {exception.Message}", exception);
        }
    }

    /// <summary>Masks of maps of labels that were read together.</summary>
    /// <param name="what">Whose masks they are, for errors.</param>
    /// <param name="size">Size of each.</param>
    /// <param name="labels">A·H·W values of <see cref="MaskLabels"/> in [A, H, W] order; where each class has maps of its own, [A, K, H, W].</param>
    /// <param name="readers">The name of each mask's reader; empty where nobody is known.</param>
    /// <param name="reading">Which classes there are, and whether each has maps of its own.</param>
    /// <exception cref="InvalidDataException">Two maps of classes that do not overlap have a pixel in common.</exception>
    public static MaskSet OfLabels(string what, ImageSize size, byte[] labels, IReadOnlyList<string> readers, ReadingOptions reading) =>
        reading.NamedClasses is null
            ? MaskSet.OfLabels(size, labels, readers, reading.LabelClasses)
            : OfFiles(what, size, [.. labels.Chunk(size.PixelCount).Select(plane => MaskSet.OfLabels(size, plane))], readers, reading);
}
