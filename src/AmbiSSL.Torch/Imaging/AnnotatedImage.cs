namespace AmbiSSL;

/// <summary>One image with the masks of the experts who outlined it; none means that it is unlabeled.</summary>
public sealed class AnnotatedImage
{
    /// <summary>Makes an annotated image and checks its sizes.</summary>
    /// <param name="id">Name of the image, unique in its data set.</param>
    /// <param name="subject">The patient it was taken of; splits never separate the images of a subject.</param>
    /// <param name="pixels">The image.</param>
    /// <param name="annotations">Masks of the image's size; none when unlabeled.</param>
    /// <exception cref="ArgumentException">The masks have another size.</exception>
    public AnnotatedImage(string id, string subject, ImagePixels pixels, MaskSet annotations)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(annotations);
        if (annotations.Size != pixels.Shape.Size)
        {
            throw new ArgumentException(
                $"The masks of image '{id}' are {annotations.Size} pixels and the image is {pixels.Shape.Size}; give masks of the image's size.",
                nameof(annotations));
        }

        Id = id;
        Subject = subject;
        Pixels = pixels;
        Annotations = annotations;
    }

    /// <summary>Name of the image, unique in its data set.</summary>
    public string Id { get; }

    /// <summary>The patient it was taken of.</summary>
    public string Subject { get; }

    /// <summary>Size of the image.</summary>
    public ImageShape Shape => Pixels.Shape;

    /// <summary>The image.</summary>
    public ImagePixels Pixels { get; }

    /// <summary>The experts' masks; none when unlabeled.</summary>
    public MaskSet Annotations { get; }

    /// <summary>The same image and masks in memory of their own.</summary>
    internal AnnotatedImage Copy() => new(Id, Subject, Pixels.Copy(), Annotations.Copy());
}
