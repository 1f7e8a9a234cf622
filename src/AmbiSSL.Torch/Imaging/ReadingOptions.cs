using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>How files of a data set are read. It is no part of a model.</summary>
public sealed record ReadingOptions
{
    /// <summary>
    /// Most pixels, height times width, of an image or mask. A file that says it has more is refused before memory is taken for it; decoding
    /// takes up to 12 bytes a pixel, beside what cropping or resizing takes. From 1 to 250 million.
    /// </summary>
    /// <value>The default value is 50 million, some 7,000 x 7,000.</value>
    public int MaximumPixels { get; init; } = 50_000_000;

    /// <summary>
    /// By what it is known who drew the masks. With <see cref="ReaderIdentity.ByNumber"/> the data must have its masks in files that are
    /// numbered by reader: LIDC's are not, and HDF5 has none.
    /// </summary>
    /// <value>The default value is <see cref="ReaderIdentity.Named"/>.</value>
    public ReaderIdentity Readers { get; init; }

    /// <summary>Which values of mask files are foreground, and which are ignored.</summary>
    /// <value>The default value is null: a mask is refused where its values leave a doubt.</value>
    public ForegroundValues? ForegroundValues { get; init; }

    /// <summary>What is done with pictures whose EXIF orientation is not upright.</summary>
    /// <value>The default value is <see cref="ImageOrientation.ByMasks"/>.</value>
    public ImageOrientation Orientation { get; init; } = ImageOrientation.ByMasks;

    /// <summary>The dataset of an HDF5 file that holds the images, such as <c>ct/slices</c>.</summary>
    /// <value>The default value is null: <c>images</c>.</value>
    public string? Hdf5Images { get; init; }

    /// <summary>The dataset of an HDF5 file that holds the masks; empty where all images are unlabeled.</summary>
    /// <value>The default value is null: <c>masks</c> beside the images, where there is one.</value>
    public string? Hdf5Masks { get; init; }

    /// <summary>
    /// Whether files <c>ID_0000.png</c>, <c>ID_0001.png</c> and so on of a folder of images are the channels of one image <c>ID</c>, or images of their own.
    /// </summary>
    /// <value>The default value is null: what the index or the masks name tells, and where it does not, the folder is refused.</value>
    public bool? ChannelFiles { get; init; }

    /// <summary>
    /// The name of the category of outlines, or of the label of nnU-Net's files, that is foreground; what is of another is background.
    /// </summary>
    /// <value>The default value is null: the only one, and where there are several, the data set is refused.</value>
    public string? Category { get; init; }

    /// <summary>The axis of a NIfTI volume across which it is cut into slices, 0, 1 or 2.</summary>
    /// <value>The default value is null: 2, the last.</value>
    public int? SliceAxis { get; init; }

    /// <summary>
    /// The classes of masks and their values, instead of <see cref="Category"/> and, but for what is ignored, of <see cref="ForegroundValues"/>.
    /// </summary>
    /// <value>The default value is null: masks have one class, foreground.</value>
    public ClassValues? Classes { get; init; }

    /// <summary>Whether images are read without their masks, which may hold anything then: a model draws from images alone.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool WithoutMasks { get; init; }

    /// <summary>The classes, where values of label maps say what is of which.</summary>
    internal ClassValues? LabelClasses => Classes is { HasValues: true } ? Classes : null;

    /// <summary>The classes, where each has a file, an axis, a category or a label of its name.</summary>
    internal ClassValues? NamedClasses => Classes is { HasValues: false } ? Classes : null;

    /// <summary>The classes of the masks that are read.</summary>
    internal MaskClasses MaskClasses => Classes?.Classes ?? MaskClasses.One;

    /// <summary>Whether the number of a mask is its reader.</summary>
    internal bool IsByNumber => Readers == ReaderIdentity.ByNumber;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Validate()
    {
        OptionRange.Require(MaximumPixels is >= 1 and <= ImageSize.MostPixels, nameof(MaximumPixels), MaximumPixels, "a number from 1 to 250000000");
        OptionRange.RequireDefined(Readers, nameof(Readers));
        OptionRange.RequireDefined(Orientation, nameof(Orientation));
        OptionRange.Require(Hdf5Images is not "", nameof(Hdf5Images), Hdf5Images, "the name of a dataset");
        OptionRange.Require(SliceAxis is null or (>= 0 and <= 2), nameof(SliceAxis), SliceAxis, "0, 1 or 2");
        OptionRange.Require(Category is not "", nameof(Category), Category, "the name of a category");
        if (Category is not null && Classes is not null)
        {
            throw new ArgumentException(
                $"{nameof(Category)} (--category) is '{Category}', and {nameof(Classes)} (--classes), '{Classes}', names what is read already; leave "
                    + $"{nameof(Category)} out.");
        }

        OptionRange.Require(
            !WithoutMasks || (ForegroundValues is null && Category is null && Classes is null),
            nameof(WithoutMasks),
            WithoutMasks,
            $"false beside {nameof(ForegroundValues)}, {nameof(Category)} and {nameof(Classes)}, which say how masks are read");
        RequireOneMeaning();
    }

    /// <summary>Checks that no value of a mask is said to be of a class and something else.</summary>
    private void RequireOneMeaning()
    {
        if (LabelClasses is null || ForegroundValues is null)
        {
            return;
        }

        if (!ForegroundValues.IsUnmistakable || !ForegroundValues.IsIgnoring)
        {
            throw new ArgumentException(
                $"{nameof(ForegroundValues)} (--foreground) is '{ForegroundValues}', and {nameof(Classes)} (--classes), '{Classes}', says already which "
                + $"values are of which class; leave {nameof(ForegroundValues)} out, and name values that do not count alone, as in "
                + "Unmistakable.Ignoring(255) (--ignore-values 255).");
        }

        if (LabelClasses.Values.Where(ForegroundValues.Ignores).Select(value => MaskValue.Format(value, byte.MaxValue)).ToArray() is { Length: > 0 } both)
        {
            throw new ArgumentException(
                $"{nameof(ForegroundValues)} (--ignore-values) ignores {string.Join(", ", both)}, which {nameof(Classes)} (--classes), '{Classes}', gives to "
                + "a class or to background; a value is one of the two.");
        }
    }

    /// <summary>Checks a size that a file says it has.</summary>
    /// <param name="what">The file in words, as the beginning of a sentence.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="InvalidDataException">These are too many pixels.</exception>
    internal void RequireSize(string what, long height, long width)
    {
        if ((Int128)height * width > MaximumPixels)
        {
            throw new InvalidDataException(
                $"{what} is {height}x{width} pixels (height x width), more than the {MaximumPixels} that are read at most; scale it down, or "
                + $"raise {nameof(MaximumPixels)}.");
        }
    }
}
