namespace AmbiSSL;

/// <summary>How images of a data set are brought to one size. Without either, every image must have the size of the first.</summary>
public sealed class ImageReadOptions
{
    /// <summary>Cuts this size from the middle of image and masks; an image that is smaller is an error.</summary>
    /// <value>The default value is null: nothing is cut.</value>
    public ImageSize? Crop { get; init; }

    /// <summary>
    /// Scales image and masks to this size: the image bilinearly, averaging over all covered pixels where it shrinks; masks by
    /// the nearest pixel.
    /// </summary>
    /// <value>The default value is null: nothing is scaled.</value>
    public ImageSize? Resize { get; init; }

    internal void Validate()
    {
        if (Crop is not null && Resize is not null)
        {
            throw new ArgumentException($"Both {nameof(Crop)} ({Crop}) and {nameof(Resize)} ({Resize}) are set; choose one.");
        }

        ValidateSize(Crop, nameof(Crop));
        ValidateSize(Resize, nameof(Resize));
    }

    private static void ValidateSize(ImageSize? size, string name)
    {
        if (size is { Height: < 1 } or { Width: < 1 })
        {
            throw new ArgumentException($"{name} is {size}; height and width must be at least 1.");
        }
    }
}
