using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Models;

/// <summary>
/// The ranges of what the layers of encoders and decoders give for images. Heads are left out: they are small, and their rounding would show in the masks.
/// </summary>
internal static class ActivationRanges
{
    /// <summary>Most images that are looked at.</summary>
    public const int MostImages = 64;

    // Of an image of any size the middle is looked at, so that a slide does not take its size times all filters.
    private const int MostSide = 1024;

    /// <summary>Lets a model look at images. No other thread may use it meanwhile.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Where the images are; of more than <see cref="MostImages"/> those that are spread evenly over it.</param>
    /// <exception cref="ArgumentException">There is no image.</exception>
    /// <exception cref="InvalidDataException">An image is not as the model takes it.</exception>
    /// <exception cref="InvalidOperationException">What a layer gives is not finite, or features of an image are normalized by themselves.</exception>
    public static Dictionary<nn.Module, ValueRange> Of(SegmentationModel model, ImageSource images)
    {
        if (model.Method.modules().OfType<ImageNormalization>().Any(normalization => normalization.OfEachImage))
        {
            throw new InvalidOperationException(
                "The model normalizes features of each image by themselves, which enlarges what 8 bits round away; "
                + $"export it without Int8Images, or train one with {nameof(FeatureNormalization)}.{nameof(FeatureNormalization.Batch)}.");
        }

        var ranges = new Dictionary<nn.Module, ValueRange>();
        foreach (var layer in Layers(model.Method))
        {
            layer.register_forward_hook((_, _, output) =>
            {
                var range = ValueRange.Of(output);
                ranges[layer] = ranges.TryGetValue(layer, out var before) ? before.With(range) : range;
                return output;
            });
        }

        var count = Count(images);
        for (var look = 0; look < count; look++)
        {
            Look(model, images, (int)((long)look * images.Count / count));
        }

        return ranges.Values.All(range => float.IsFinite(range.Low) && float.IsFinite(range.High))
            ? ranges
            : throw new InvalidOperationException(
                "Layers of the model give values that are not finite, over which no 8 bits can be spread; export it without Int8Images.");
    }

    /// <summary>How many images of a source are looked at.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static int Count(ImageSource images) => images.Count > 0
        ? Math.Min(images.Count, MostImages)
        : throw new ArgumentException($"{nameof(OnnxExportOptions.Int8Images)} holds no image; give images like those that the model will see.");

    private static IEnumerable<nn.Module<Tensor, Tensor>> Layers(SegmentationMethod method) =>
        from network in method.modules()
        where network is FeatureEncoder or FeatureDecoder or LatentEncoder
        from layer in network.modules()
        where layer is ImageConvolution or ImageNormalization or ResidualBlock
        select (nn.Module<Tensor, Tensor>)layer;

    private static void Look(SegmentationModel model, ImageSource images, int index)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = images.Read(index).Pixels;
        if (model.Images.Shape.IsAnySize)
        {
            pixels = pixels.Crop(new ImageSize(Math.Min(pixels.Shape.Height, MostSide), Math.Min(pixels.Shape.Width, MostSide)));
        }

        var input = model.ToInput(pixels, images.Format.Source);
        var shape = model.Images.Shape.IsAnySize ? pixels.Shape : model.Images.Shape;
        model.Method.Probabilities(tensor(input, [1, shape.Channels, shape.Height, shape.Width]), zeros(1, 1, model.Method.NoiseDimensions));
    }
}
