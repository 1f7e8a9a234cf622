namespace AmbiSSL;

/// <summary>Names of the columns that ambiguous segmentation reads and writes, and how an image column is read.</summary>
public sealed record SegmentationColumns
{
    /// <summary>The name of the column of readers that need not be there.</summary>
    internal const string DefaultReaders = "Readers";

    /// <summary>The name of the column of ignored pixels that need not be there.</summary>
    internal const string DefaultIgnored = "Ignored";

    /// <summary>
    /// Column of the images: <see cref="Microsoft.ML.Data.MLImage"/>, or a vector of Byte, UInt16 or Single of known size [C, H, W] or [H, W].
    /// Integers stand for 0 to 1, their whole range, and Single is from 0 to 1, unless a <see cref="TrainingOptions.IntensityWindow"/> says otherwise. Every
    /// training image has one size; a model that was trained on cropped or resized images crops or resizes others.
    /// </summary>
    /// <value>The default value is Image.</value>
    public string Image { get; init; } = "Image";

    /// <summary>
    /// Column of the height and width of each row's image, <c>Vector&lt;Int32, 2&gt;</c>, read where the vectors of <see cref="Image"/> are of no known size,
    /// <c>Vector&lt;T, C, 0, 0&gt;</c>: for models that see images through windows (<see cref="TrainingOptions.Windows"/>).
    /// </summary>
    /// <value>The default value is ImageSize.</value>
    public string ImageSize { get; init; } = "ImageSize";

    /// <summary>
    /// Column of the experts' masks, read in training and evaluation: <c>Vector&lt;Byte&gt;</c> of A·H·W values in [A, H, W] order, where nonzero is
    /// foreground. A may differ from row to row; an empty vector means that the image is unlabeled.
    /// </summary>
    /// <value>The default value is Annotations.</value>
    public string Annotations { get; init; } = "Annotations";

    /// <summary>
    /// Column of who drew the masks, read where there is one: a vector of text, or of keys with text, that names the reader of each mask of
    /// <see cref="Annotations"/> in the same order, nobody twice; of unlabeled rows it is not read. Methods that know their annotators apart
    /// learn each reader from the images that have the reader's mask. Without the column the masks of an image are a set without order, and
    /// annotators are ranks by area. A column of another name than the default one must be there; with null none is read.
    /// </summary>
    /// <value>The default value is Readers.</value>
    public string? Readers { get; init; } = DefaultReaders;

    /// <summary>
    /// Column of the pixels at which masks say nothing, read where there is one: <c>Vector&lt;Byte&gt;</c> of A·H·W values in the order of
    /// <see cref="Annotations"/>, where nonzero does not count, or empty where every pixel does. Training leaves such a pixel out for the mask's reader,
    /// figures leave out those that any reader of the image ignores. A column of another name than the default one must be there; with null none is read.
    /// </summary>
    /// <value>The default value is Ignored.</value>
    public string? Ignored { get; init; } = DefaultIgnored;

    /// <summary>
    /// The classes of <see cref="Annotations"/>, where the column's annotation does not tell them, as it does of data sets and loaded files. Where a
    /// pixel is of one class, values are numbers [A, H, W], 0 for background and 1 to K in the order of names; where classes overlap, planes
    /// [A, K, H, W] of 0 and 1.
    /// </summary>
    /// <value>The default value is null: what the column tells, and where it tells nothing, one class.</value>
    public MaskClasses? Classes { get; init; }

    /// <summary>
    /// Size of each mask of <see cref="Annotations"/>, where the type of the column, <c>Vector&lt;Byte, A, H, W&gt;</c>, does not tell it. Images of
    /// another size are then refused: from a column of numbers alone, masks that were not resized with their images may look like more masks.
    /// </summary>
    /// <value>The default value is null: masks have the size of their image.</value>
    public ImageSize? AnnotationsSize { get; init; }

    /// <summary>
    /// Most masks that a row of <see cref="Annotations"/> may have where nothing tells their size: more are taken for masks of a larger size. At least 1.
    /// </summary>
    /// <value>The default value is 32.</value>
    public int MaximumMasks { get; init; } = 32;

    /// <summary>
    /// Most bytes that the masks of a row may have, N·K·H·W for K classes, of models that see images of any size through windows: a row holds them
    /// all in memory, and what draws and writes them takes about 24 times as much. A larger row is refused. At least 1.
    /// </summary>
    /// <value>The default value is 2²⁶: 64 MiB, such as ten masks of 2,590x2,590 pixels.</value>
    public long MaximumRowBytes { get; init; } = 1L << 26;

    /// <summary>
    /// Output column of the height and width of each row's masks, <c>Vector&lt;Int32, 2&gt;</c>, of models that see images of any size: their masks are
    /// <c>Vector&lt;Byte, N, 0, 0&gt;</c>, and so on, of no known size where the image's type does not tell it.
    /// </summary>
    /// <value>The default value is MasksSize.</value>
    public string MasksSize { get; init; } = "MasksSize";

    /// <summary>
    /// Column of the distances of the pixels of each row's masks, from row to row and from column to column in millimeters,
    /// <c>Vector&lt;Double, 2&gt;</c>: NaN where nobody knows them. It need not be there; what is measured of masks (<see cref="MaskMeasurements"/>)
    /// then has no millimeters.
    /// </summary>
    /// <value>The default value is Spacing.</value>
    public string Spacing { get; init; } = "Spacing";

    /// <summary>Output column of the N sampled masks, <c>Vector&lt;Byte, N, H, W&gt;</c> of 0 and 1.</summary>
    /// <value>The default value is Masks.</value>
    public string Masks { get; init; } = "Masks";

    /// <summary>
    /// Output column of the mean foreground probability over the samples at the model's <see cref="SegmentationModel.Temperature"/>,
    /// <c>Vector&lt;Single, H, W&gt;</c> from 0 to 1.
    /// </summary>
    /// <value>The default value is Probability.</value>
    public string Probability { get; init; } = "Probability";

    /// <summary>Output column of the entropy of the mean probability in bits, <c>Vector&lt;Single, H, W&gt;</c> from 0 to 1.</summary>
    /// <value>The default value is Uncertainty.</value>
    public string Uncertainty { get; init; } = "Uncertainty";

    /// <summary>
    /// Output column of one mask, <c>Vector&lt;Byte, H, W&gt;</c> of 0 and 1: where the probability is above the model's
    /// <see cref="SegmentationModel.ConsensusThreshold"/>, after its <see cref="SegmentationModel.PostProcessing"/>.
    /// </summary>
    /// <value>The default value is Consensus.</value>
    public string Consensus { get; init; } = "Consensus";

    /// <summary>
    /// Output column of the inner outline of <see cref="SegmentationModel.Outlines"/>, <c>Vector&lt;Byte, H, W&gt;</c> of 0 and 1, of K classes
    /// <c>Vector&lt;Byte, K, H, W&gt;</c>. Only models that have outlines have it.
    /// </summary>
    /// <value>The default value is Inner.</value>
    public string Inner { get; init; } = "Inner";

    /// <summary>
    /// Output column of the outer outline of <see cref="SegmentationModel.Outlines"/>, <c>Vector&lt;Byte, H, W&gt;</c> of 0 and 1, of K classes
    /// <c>Vector&lt;Byte, K, H, W&gt;</c>. Only models that have outlines have it.
    /// </summary>
    /// <value>The default value is Outer.</value>
    public string Outer { get; init; } = "Outer";

    /// <summary>
    /// Output column of each annotator's own mask, <c>Vector&lt;Byte, A, H, W&gt;</c> of 0 and 1 for the A annotators of the training data.
    /// Only models whose method knows its annotators apart have it. Where the training data named <see cref="Readers"/>, the first slot of
    /// each mask has its reader's name as slot name; otherwise annotator 1 is the rank of the largest mask, and so on.
    /// </summary>
    /// <value>The default value is AnnotatorMasks.</value>
    public string AnnotatorMasks { get; init; } = "AnnotatorMasks";

    /// <summary>
    /// Output column of how unlike the training images each image is (<see cref="SegmentationModel.Unlikeness"/>), Double: above 1 it is to be looked
    /// at. NaN where the model cannot tell.
    /// </summary>
    /// <value>The default value is Unlikeness.</value>
    public string Unlikeness { get; init; } = "Unlikeness";

    /// <summary>
    /// Channels that training takes from an <see cref="Microsoft.ML.Data.MLImage"/> column: 3 for red, green and blue, 1 for the luminance.
    /// Both are scaled to 0..1. A vector column says by its type how many channels it has, and a trained model keeps to what it was trained
    /// on.
    /// </summary>
    /// <value>The default value is 3.</value>
    public int ImageChannels { get; init; } = 3;

    /// <summary>Checks the names and the numbers.</summary>
    /// <exception cref="ArgumentException">A name is empty, two output columns have the same name, the channels are neither 1 nor 3, or a number is
    /// below 1.</exception>
    public void Validate()
    {
        RequireName(Image, nameof(Image));
        RequireName(ImageSize, nameof(ImageSize));
        RequireName(MasksSize, nameof(MasksSize));
        RequireName(Annotations, nameof(Annotations));
        RequireName(Spacing, nameof(Spacing));
        RequireName(Readers ?? DefaultReaders, nameof(Readers));
        RequireName(Ignored ?? DefaultIgnored, nameof(Ignored));
        RequireName(Masks, nameof(Masks));
        RequireName(Probability, nameof(Probability));
        RequireName(Uncertainty, nameof(Uncertainty));
        RequireName(Consensus, nameof(Consensus));
        RequireName(Inner, nameof(Inner));
        RequireName(Outer, nameof(Outer));
        RequireName(AnnotatorMasks, nameof(AnnotatorMasks));
        RequireName(Unlikeness, nameof(Unlikeness));
        RequireDifferent(
        [
            (Masks, nameof(Masks)), (Probability, nameof(Probability)), (Uncertainty, nameof(Uncertainty)),
            (Consensus, nameof(Consensus)), (Inner, nameof(Inner)), (Outer, nameof(Outer)), (AnnotatorMasks, nameof(AnnotatorMasks)),
            (MasksSize, nameof(MasksSize)), (Unlikeness, nameof(Unlikeness)),
        ]);
        if (ImageChannels is not (1 or 3))
        {
            throw new ArgumentException(
                $"SegmentationColumns.ImageChannels is {ImageChannels}; it must be 3 for color or 1 for gray.", nameof(ImageChannels));
        }

        if (MaximumMasks < 1)
        {
            throw new ArgumentException($"SegmentationColumns.MaximumMasks is {MaximumMasks}; it must be at least 1.", nameof(MaximumMasks));
        }

        if (MaximumRowBytes < 1)
        {
            throw new ArgumentException($"SegmentationColumns.MaximumRowBytes is {MaximumRowBytes}; it must be at least 1.", nameof(MaximumRowBytes));
        }

        if (AnnotationsSize is { Height: < 1 } or { Width: < 1 })
        {
            throw new ArgumentException(
                $"SegmentationColumns.AnnotationsSize is {AnnotationsSize}; height and width must be at least 1.", nameof(AnnotationsSize));
        }
    }

    private static void RequireName(string? name, string property)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException($"SegmentationColumns.{property} is empty; it must name a column.", property);
        }
    }

    private static void RequireDifferent((string Name, string Property)[] outputs)
    {
        for (var second = 1; second < outputs.Length; second++)
        {
            var first = Array.FindIndex(outputs, output => output.Name == outputs[second].Name);
            if (first < second)
            {
                throw new ArgumentException(
                    $"SegmentationColumns.{outputs[first].Property} and SegmentationColumns.{outputs[second].Property} are both "
                    + $"'{outputs[first].Name}'; give each output its own name.",
                    outputs[second].Property);
            }
        }
    }
}
