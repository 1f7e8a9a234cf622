namespace AmbiSSL;

/// <summary>One image with the masks of the experts who outlined it; none means that it is unlabeled.</summary>
public sealed class AnnotatedImage
{
    /// <summary>Makes an annotated image and checks its sizes.</summary>
    /// <param name="id">Name of the image, unique in its data set.</param>
    /// <param name="subject">The patient it was taken of; splits never separate the images of a subject.</param>
    /// <param name="shape">Size of the image.</param>
    /// <param name="pixels">Values in [C, H, W] order; 0 to 1 for 8- and 16-bit images.</param>
    /// <param name="annotations">A·H·W values in [A, H, W] order, 0 or 1; empty when unlabeled.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    public AnnotatedImage(string id, string subject, ImageShape shape, float[] pixels, byte[] annotations)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(annotations);
        if (pixels.Length != shape.Length)
        {
            throw new ArgumentException($"Image '{id}' has {pixels.Length} pixel values; {shape} needs {shape.Length}.", nameof(pixels));
        }

        if (annotations.Length % shape.PixelCount != 0)
        {
            throw new ArgumentException(
                $"Image '{id}' has {annotations.Length} annotation values, not a multiple of {shape.Height}x{shape.Width} = {shape.PixelCount}; "
                + "give A·H·W values, one mask after the other.",
                nameof(annotations));
        }

        Id = id;
        Subject = subject;
        Shape = shape;
        Pixels = pixels;
        Annotations = annotations;
    }

    /// <summary>Name of the image, unique in its data set.</summary>
    public string Id { get; }

    /// <summary>The patient it was taken of.</summary>
    public string Subject { get; }

    /// <summary>Size of the image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Pixel values in [C, H, W] order.</summary>
    public float[] Pixels { get; }

    /// <summary>Masks in [A, H, W] order, 0 or 1; empty when unlabeled.</summary>
    public byte[] Annotations { get; }

    /// <summary>Number of masks A.</summary>
    public int AnnotatorCount => Annotations.Length / Shape.PixelCount;
}
