using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>Where a model's pixels lie on the image that was cropped or resized for it.</summary>
internal static class ImagePlacement
{
    /// <summary>Takes places of the model's pixels to places of the image's.</summary>
    /// <param name="image">The image before the preprocessing.</param>
    /// <param name="model">What the model drew.</param>
    /// <param name="preprocessing">What the model did to the image; null for nothing.</param>
    /// <exception cref="ArgumentException">The image has another size than the model's after the preprocessing.</exception>
    public static SKMatrix Of(ImagePixels image, ImageSize model, Preprocessing? preprocessing)
    {
        var shape = image.Shape;
        preprocessing ??= Preprocessing.None;
        if (preprocessing.Fit(shape)?.Size != model)
        {
            throw new ArgumentException(
                $"What was drawn has {model} pixels, which the image of {shape.Size} with preprocessing '{preprocessing}' does not become; give the "
                + "image as it was before the model's preprocessing, and that preprocessing.",
                nameof(preprocessing));
        }

        return preprocessing.Resize is null
            ? SKMatrix.CreateTranslation((shape.Width - model.Width) / 2, (shape.Height - model.Height) / 2)
            : SKMatrix.CreateScale((float)shape.Width / model.Width, (float)shape.Height / model.Height);
    }

    /// <summary>By how much a picture is enlarged: a whole number, so that its longer side has at least 512 pixels.</summary>
    public static int Enlargement(ImageShape image)
    {
        const int Smallest = 512;
        var side = Math.Max(image.Height, image.Width);
        return (Smallest + side - 1) / side;
    }
}
