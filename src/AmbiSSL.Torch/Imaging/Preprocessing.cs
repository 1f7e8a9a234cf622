using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>
/// How images and masks are brought to the size that a model takes. A loader takes it, a trained model keeps it, and applies it to images
/// of another size.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Images are taken as they are, and all have one size.</summary>
    public static Preprocessing None { get; } = new();

    /// <summary>Cuts this size from the middle of image and masks; an image that is smaller is refused.</summary>
    /// <value>The default value is null: nothing is cut.</value>
    public ImageSize? Crop { get; init; }

    /// <summary>
    /// Scales image and masks to this size: the image bilinearly, averaging over all covered pixels where it shrinks, as floating-point
    /// numbers; masks by the nearest pixel.
    /// </summary>
    /// <value>The default value is null: nothing is scaled.</value>
    public ImageSize? Resize { get; init; }

    /// <summary>
    /// Images keep their sizes, which may differ: a model sees them through windows (<see cref="TrainingOptions.Windows"/>).
    /// </summary>
    /// <value>The default value is <see langword="false"/>: images that differ in size are refused.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AnySize { get; init; }

    /// <summary>What is done, in words.</summary>
    public override string ToString() => (Crop, Resize) switch
    {
        _ when AnySize => "any size",
        ({ } crop, _) => $"crop {crop}",
        (_, { } size) => $"resize {size}",
        _ => "none",
    };

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">A size is smaller than 1 or larger than an image may be, or there are two.</exception>
    internal void Validate()
    {
        if (AnySize && (Crop ?? Resize) is { } size)
        {
            throw new ArgumentException($"{nameof(AnySize)} is set, and images become {size} too; choose one.");
        }

        if (Crop is not null && Resize is not null)
        {
            throw new ArgumentException($"Both {nameof(Crop)} ({Crop}) and {nameof(Resize)} ({Resize}) are set; choose one.");
        }

        ValidateSize(Crop, nameof(Crop));
        ValidateSize(Resize, nameof(Resize));
    }

    /// <summary>The shape of an image afterwards; null where it is smaller than the crop.</summary>
    internal ImageShape? Fit(ImageShape shape)
    {
        if (Crop is { } crop)
        {
            return crop.Height <= shape.Height && crop.Width <= shape.Width ? shape.WithSize(crop) : null;
        }

        return Resize is { } size ? shape.WithSize(size) : shape;
    }

    /// <summary>The shape of the image in a file afterwards.</summary>
    /// <exception cref="InvalidDataException">The image is smaller than the crop.</exception>
    internal ImageShape Fit(string path, ImageShape shape) => Fit(shape) ?? throw new InvalidDataException(
        $"Image '{path}' is {shape.Size} pixels (height x width), smaller than the crop {Crop}; leave it out, or train on a smaller "
        + $"{nameof(Crop)} or with {nameof(Resize)}.");

    /// <summary>An image of a shape that fits, cropped or resized.</summary>
    internal ImagePixels Apply(ImagePixels pixels) =>
        Crop is { } crop ? pixels.Crop(crop) : Resize is { } size ? pixels.Resize(size) : pixels;

    /// <summary>The masks of an image that fits, cropped or resized.</summary>
    internal MaskSet Apply(MaskSet masks) => Crop is { } crop ? masks.Crop(crop) : Resize is { } size ? masks.Resize(size) : masks;

    private static void ValidateSize(ImageSize? size, string name)
    {
        if (size is { Height: < 1 } or { Width: < 1 })
        {
            throw new ArgumentException($"{name} is {size}; height and width must be at least 1.");
        }

        if (size is { IsTooLarge: true })
        {
            throw new ArgumentException($"{name} is {size}; an image may have {ImageSize.MostPixels} pixels at most.");
        }
    }
}
