using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Serving;

/// <summary>An engine for one caller, who gives it back by disposing it.</summary>
public sealed class RentedEngine(PredictionEngine<ImageRow, Prediction> engine, AmbiguousSegmentationTransformer model, Action giveBack) : IDisposable
{
    /// <summary>Draws masks.</summary>
    /// <exception cref="InvalidDataException">The model does not take such an image; the message says which it takes.</exception>
    public Prediction Predict(ImagePixels image)
    {
        RequireFit(image);
        using var picture = MLImage.CreateFromPixels(image.Shape.Width, image.Shape.Height, MLPixelFormat.Rgba32, Rgba(image));
        return engine.Predict(new ImageRow { Image = picture });
    }

    /// <summary>Gives the engine back.</summary>
    public void Dispose() => giveBack();

    private static byte[] Rgba(ImagePixels image)
    {
        var values = image.Values<byte>();
        var count = image.Shape.PixelCount;
        var (green, blue) = image.Shape.Channels == 1 ? (0, 0) : (count, 2 * count);
        var rgba = new byte[4 * count];
        for (var i = 0; i < count; i++)
        {
            (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2], rgba[(4 * i) + 3]) = (values[i], values[green + i], values[blue + i], byte.MaxValue);
        }

        return rgba;
    }

    private void RequireFit(ImagePixels image)
    {
        if (image.Type != PixelType.UInt8)
        {
            throw new InvalidDataException("The image has 16 bits a channel, of which an MLImage would keep 8; send 8 bits a channel.");
        }

        var (size, preprocessing) = (image.Shape.Size, model.Model.Images.Preprocessing);
        if (preprocessing.Crop is { } crop && (size.Height < crop.Height || size.Width < crop.Width))
        {
            throw new InvalidDataException($"The image is {size} pixels (height x width); the model takes {crop} and more.");
        }

        if (preprocessing == Preprocessing.None && size != model.Shape.Size)
        {
            throw new InvalidDataException($"The image is {size} pixels (height x width); the model takes {model.Shape.Size} alone.");
        }
    }
}
