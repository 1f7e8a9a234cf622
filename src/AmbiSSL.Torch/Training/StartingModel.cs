namespace AmbiSSL.Torch.Training;

/// <summary>The trained model from whose weights a training starts.</summary>
internal static class StartingModel
{
    /// <summary>Checks that a training can start from a model.</summary>
    /// <param name="from">The model.</param>
    /// <param name="options">The options of the training.</param>
    /// <param name="images">Size and scale of its images.</param>
    /// <param name="annotators">Most masks of an image, or the number of readers.</param>
    /// <param name="classes">The classes of the masks.</param>
    /// <param name="readers">Their names, where the method knows them apart and they have names.</param>
    /// <exception cref="ArgumentException">Method, channels, window of intensities, annotators, classes or readers differ.</exception>
    public static void RequireFit(
        SegmentationModel from, SegmentationOptions options, ImageFormat images, int annotators, MaskClasses classes, IReadOnlyList<string> readers)
    {
        Require(
            from.Options.MethodName == options.MethodName,
            $"of {from.Options.MethodName}, and the options are of {options.MethodName}; give options of its method");
        Require(
            from.Shape.Channels == images.Shape.Channels,
            FormattableString.Invariant($"for images of {from.Shape.Channels} channels, and these have {images.Shape.Channels}; ")
            + "give images of as many channels");
        Require(
            from.Images.Intensities?.Window == images.Intensities?.Window,
            $"of an intensity window of {Window(from.Images)}, and this training's is {Window(images)}; set IntensityWindow to the model's");
        Require(
            annotators <= from.Annotators,
            FormattableString.Invariant($"for {from.Annotators} annotators, and an image has {annotators} masks; give images of at most as many"));
        Require(
            from.Classes == classes,
            $"for masks of {from.Classes}, and these tell apart {classes}; give masks of the same classes");
        Require(
            from.Readers.SequenceEqual(readers),
            $"for the readers {Names(from.Readers)}, and the images are of {Names(readers)}; give images of the same readers, named in the same order");
        Require(
            options.Backbone is not ResNet34Backbone { PretrainedEncoderPath: not null },
            "to be the start, and PretrainedEncoderPath too; leave one of them out");
    }

    private static string Window(ImageFormat images) => images.Intensities?.Window?.ToString() ?? "none";

    private static string Names(IReadOnlyList<string> readers) => readers.Count > 0 ? string.Join(", ", readers) : "no known readers";

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new ArgumentException($"The model to start from is {problem}.", "from");
        }
    }
}
