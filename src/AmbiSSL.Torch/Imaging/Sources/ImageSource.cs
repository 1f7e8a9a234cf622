namespace AmbiSSL;

/// <summary>
/// A data set of annotated images of one size. Records are known at once, pixels are read on demand.
/// Reading from several threads at once is safe.
/// </summary>
public abstract class ImageSource
{
    /// <summary>Number of images.</summary>
    public int Count => Records.Count;

    /// <summary>Size and type of every image, and how it came to them.</summary>
    public abstract ImageFormat Format { get; }

    /// <summary>Size of every image, after cropping or resizing.</summary>
    public ImageShape Shape => Format.Shape;

    /// <summary>One record an image, in the order of the data set.</summary>
    public abstract IReadOnlyList<ImageRecord> Records { get; }

    /// <summary>Files that look as if they were meant to be read and are not, in the order in which they were found; empty where all are.</summary>
    public virtual IReadOnlyList<LeftOutFile> LeftOut => [];

    /// <summary>The classes that masks tell apart.</summary>
    /// <value>The default value is <see cref="MaskClasses.One"/>; where masks have others, the data set is refused.</value>
    public virtual MaskClasses Classes => MaskClasses.One;

    /// <summary>Whether masks may have pixels that do not count (<see cref="MaskSet.Ignored"/>); where it is false, such a mask is refused.</summary>
    public virtual bool MayIgnorePixels => false;

    /// <summary>Reads one image and its masks.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <returns>A new object whose arrays belong to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no image of this index.</exception>
    /// <exception cref="IOException">A file is missing or cannot be opened.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or sizes do not agree.</exception>
    public AnnotatedImage Read(int index)
    {
        RequireIndex(index);
        var image = ReadImage(index);
        if (image.Annotations.Count > 0 && image.Annotations.Classes != Classes)
        {
            throw new InvalidDataException(
                $"Image '{image.Id}' has masks with the classes {image.Annotations.Classes}, "
                + $"but its source says that they are {Classes}; override {nameof(Classes)}.");
        }

        return MayIgnorePixels || image.Annotations.Ignored.Length == 0
            ? image
            : throw new InvalidDataException(
                $"Image '{image.Id}' has masks with ignored pixels, but its source says that there are none; override {nameof(MayIgnorePixels)}.");
    }

    /// <summary>Size and type in which an image is stored, before it is cropped or resized.</summary>
    /// <exception cref="IOException">A file is missing or cannot be opened.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    internal virtual (ImageShape Shape, PixelType Type) Stored(int index) => (Shape, Format.Source);

    /// <summary>How far outlines of an image reach over its border, in pixels; 0 where none does, and where masks are no outlines.</summary>
    internal virtual float OutlinesBeyond(int index) => 0;

    /// <summary>Reads one image and its masks.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1, checked.</param>
    /// <returns>A new object whose arrays belong to the caller.</returns>
    protected abstract AnnotatedImage ReadImage(int index);

    private protected void RequireIndex(int index)
    {
        if (index < 0 || index >= Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index),
                index,
                $"The data set holds images 0 to {Count - 1}; there is no image {index}.");
        }
    }
}
