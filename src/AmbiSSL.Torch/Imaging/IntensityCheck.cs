namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Whether intensities mean to a model what those of its training images did. What is wrong is told as a problem, a clause about the pixel values,
/// and a remedy.
/// </summary>
internal static class IntensityCheck
{
    private const string Option = "Training.IntensityWindow (--intensity-window)";

    // Beside a range so wide, values from 0 to 1 are those of an image that was scaled.
    private const float MoreThanScaled = 16;

    /// <summary>What is wrong with images to train on.</summary>
    /// <param name="source">The type in which they are stored.</param>
    /// <param name="range">Of all their values.</param>
    /// <param name="window">What they are to be seen through; null for no window.</param>
    public static (string Problem, string Remedy)? OfTraining(PixelType source, IntensityRange range, IntensityWindow? window)
    {
        if (window is null)
        {
            return IntensityWindow.Suggest(source, range) is { } suggested ? Unscaled(source, range, suggested) : null;
        }

        return !window.OfPercentiles && (range.High <= window.Low || range.Low >= window.High)
            ? ($"pixel values go from {range}, of which the intensity window {window} tells none apart",
               $"set {Option} to what they are, such as {IntensityWindow.Suggest(source, range) ?? IntensityWindow.Percentiles(0.5, 99.5)}")
            : null;
    }

    /// <summary>What is expected in place of images of a type that a model cannot place on its scale; null where it can.</summary>
    /// <param name="model">The images of the model.</param>
    /// <param name="source">The type in which the others are stored.</param>
    public static (string Expected, string Remedy)? OfType(ImageFormat model, PixelType source)
    {
        var (own, window, range) = (model.Source, model.Intensities?.Window, model.Intensities?.Range ?? IntensityRange.None);
        if (source == own || source == PixelType.Float32 || (window is null ? own != PixelType.Float32 : source == Holder(own, range)))
        {
            return null;
        }

        return own == PixelType.Float32
            ? ("floating-point values on the scale of those on which the model was trained",
               "convert the images to that scale and to Single, or train on images such as these")
            : ($"{own.InWords()}, on which the model was trained with the intensity window {window}",
               "give images of as many bits, or their values as Single, or train on images such as these");
    }

    /// <summary>What is wrong with an image whose type is right.</summary>
    /// <param name="model">The images of the model.</param>
    /// <param name="source">The type in which the image is stored.</param>
    /// <param name="range">Of its values.</param>
    public static (string Problem, string Remedy)? OfImage(ImageFormat model, PixelType source, IntensityRange range)
    {
        if (model.Intensities is not { } scale)
        {
            return null;
        }

        if (scale.Window is null && source == PixelType.Float32)
        {
            return range.Low >= 0 && range.High <= 1
                ? null
                : ($"pixel values go from {range}, but the model was trained on {model.Source.InWords()}"
                   + (model.Source == PixelType.Float32 ? " from 0 to 1" : ", which stand for 0 to 1"),
                   "scale the images to 0 to 1, or train with an intensity window");
        }

        var (own, trained) = Comparable(model, source, range);
        var differs = trained.IsNarrowBeside(own)
            || (source != model.Source && source != PixelType.Float32 && own.IsNarrowBeside(trained))
            || (source == PixelType.Float32 && trained.Span > MoreThanScaled && range.Span > 0 && range.Low >= 0 && range.High <= 1);
        return differs
            ? ($"pixel values of {source.InWords()} go from {range}, but those of the training images, {model.Source.InWords()}, from {scale.Range}",
               "give images on the scale of the training images, or train on images such as these")
            : null;
    }

    /// <summary>Why an image that is not wrong may be on another scale than the training images, in a sentence; null where nothing speaks for it.</summary>
    public static string? Doubt(ImageFormat model, PixelType source, IntensityRange range)
    {
        if (model.Intensities is not { } scale)
        {
            return null;
        }

        var (own, trained) = Comparable(model, source, range);
        return own.IsNarrowBeside(trained)
            ? $"pixel values go from {range}, less than a sixteenth of those of the training images, {scale.Range}. "
                + "If the image was saved with another number of bits, scale it like them."
            : null;
    }

    /// <summary>What lies outside of 0 to 1, or fills a sixteenth of its type, without a window.</summary>
    private static (string Problem, string Remedy) Unscaled(PixelType source, IntensityRange range, IntensityWindow suggested) => source == PixelType.Float32
        ? ($"pixel values go from {range}, but floating-point images are taken as they are, from 0 to 1",
           $"set {Option}, {Suggestion(range, suggested)}, which the model keeps for all that it will see, or scale all images to 0 to 1")
        : ($"pixel values go from {range}, a sixteenth of the range of {source.InWords()} or less, as where 12 bits are saved in 16",
           FormattableString.Invariant($"set {Option} to {suggested}, which the model keeps for all that it will see, ")
           + FormattableString.Invariant($"or to 0,{source.Most()} if they are meant so"));

    private static string Suggestion(IntensityRange range, IntensityWindow suggested) =>
        $"such as {suggested}{(range.Low < -MoreThanScaled ? ", or -1000,400 for lungs in Hounsfield units" : "")}";

    /// <summary>Where floating-point numbers have the values of integers, the type of these.</summary>
    private static PixelType? Holder(PixelType own, IntensityRange range) => own != PixelType.Float32 || range.Low < 0 || range.High <= MoreThanScaled ? null
        : range.High <= byte.MaxValue ? PixelType.UInt8
        : range.High <= ushort.MaxValue ? PixelType.UInt16
        : null;

    /// <summary>The range of an image beside that of the training images, in one unit: values under a window, or else parts of each type.</summary>
    private static (IntensityRange Own, IntensityRange Trained) Comparable(ImageFormat model, PixelType source, IntensityRange range) =>
        model.Intensities!.Window is null
            ? (range.PartOf(source), model.Intensities.Range.PartOf(model.Source))
            : (range, model.Intensities.Range);
}
