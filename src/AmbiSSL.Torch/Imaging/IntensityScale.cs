using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>The scale of intensities that a model learned, by which it reads those of other images.</summary>
/// <param name="Lowest">The least value of the training images, as it is stored: 0 to 255, 0 to 65535, or a floating-point number as it is.</param>
/// <param name="Highest">The greatest value of the training images.</param>
/// <param name="Window">
/// What they are seen through, two values. Null where integers stand for 0 to 1, their whole range, and floating-point numbers, from 0 to 1, are taken as they
/// are.
/// </param>
public sealed record IntensityScale(float Lowest, float Highest, IntensityWindow? Window)
{
    /// <summary>The least and the greatest value of the training images.</summary>
    internal IntensityRange Range => new(Lowest, Highest);

    /// <summary>The scale of images to train on.</summary>
    /// <param name="images">All of them.</param>
    /// <param name="window">What they are to be seen through, values or percentiles; null for no window.</param>
    /// <exception cref="ArgumentException">Their values need a window, or another one.</exception>
    internal static IntensityScale Of(ImageCache images, IntensityWindow? window)
    {
        if (IntensityCheck.OfTraining(images.Format.Source, images.Range, window) is { } fault)
        {
            throw new ArgumentException($"The training images' {fault.Problem}; {fault.Remedy}.", nameof(images));
        }

        if (window is { OfPercentiles: true })
        {
            var (low, high) = IntensityPercentiles.Of(images, window.Low, window.High);
            window = high > low
                ? new IntensityWindow(low, high)
                : throw new ArgumentException(
                    FormattableString.Invariant($"The percentiles {window} of the training images are both {low}; give others, or two values."),
                    nameof(window));
        }

        return new IntensityScale(images.Range.Low, images.Range.High, window);
    }

    /// <summary>Checks what a file says.</summary>
    /// <exception cref="ArgumentException">A number is impossible.</exception>
    internal void Validate()
    {
        OptionRange.Require(float.IsFinite(Lowest) && float.IsFinite(Highest) && Lowest <= Highest, nameof(Highest), Highest, "a number of at least Lowest");
        OptionRange.Require(Window is not { OfPercentiles: true }, nameof(Window), Window, "two values in a model");
        Window?.Validate();
    }

    /// <summary>Writes stored pixels as the model sees them.</summary>
    /// <param name="type">The type of the pixels.</param>
    /// <param name="source">The type that they had before they were resized.</param>
    /// <param name="stored">The pixels.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    internal void ToInput(PixelType type, PixelType source, ReadOnlySpan<byte> stored, Span<float> destination)
    {
        if (Window is null)
        {
            PixelValues.ToFloats(type, stored, destination);
            return;
        }

        PixelValues.ToStored(type, source, stored, destination);
        Window.Apply(destination);
    }
}
