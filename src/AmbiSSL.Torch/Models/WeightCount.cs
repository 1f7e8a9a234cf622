using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;

namespace AmbiSSL.Torch.Models;

/// <summary>
/// How many numbers the state of a method has: parameters, running statistics and counters of batches. It is computed from the options alone, so
/// that a file whose options ask for more than it holds is refused before any network is built.
/// </summary>
internal static class WeightCount
{
    private const int Classes = 2;

    /// <summary>The numbers of a method that is trained with these options on images of this shape.</summary>
    /// <param name="options">Options in their ranges.</param>
    /// <param name="shape">Size of the images.</param>
    /// <param name="annotators">Most masks of an image.</param>
    public static Int128 Of(SegmentationOptions options, ImageShape shape, int annotators)
    {
        var (encoder, decoder) = (Encoder(options.Backbone, shape.Channels), Decoder(options.Backbone));
        var features = options.Backbone is UNetBackbone unet ? unet.Filters[0] : ResNet34Decoder.Sizes[^1].Output;
        return options switch
        {
            AmbiSSLOptions own => encoder + (3 * (decoder + Head(features, own.LatentDimensions, 4)))
                + Latent(own.LatentSizes, shape.Channels, annotators),
            LatentSegmentationOptions own => ((own is CrossPseudoSupervisionOptions ? 2 : 1) * (encoder + decoder + Head(features, own.LatentDimensions, 4)))
                + Latent(own.LatentSizes, shape.Channels, own is ProbabilisticUNetOptions ? 1 : annotators)
                + (own is DPersonaOptions ? annotators * Projection(features, own.LatentDimensions) : 0),
            PiononoOptions own => encoder + decoder + Head(features, own.LatentDimensions, 3)
                + ((Int128)annotators * own.LatentDimensions * (1 + (Int128)own.LatentDimensions)),
            GlobalConfusionMatrixOptions => encoder + decoder + Convolution(features, 1, 1) + (annotators * (Int128)(Classes * Classes)),
            PixelConfusionMatrixOptions => encoder + decoder + Convolution(features, 1, 1)
                + (annotators * (Block(features, features, 2, normalizes: false) + Convolution(features, Classes * Classes, 1))),
            _ => throw new NotSupportedException($"The weights of {options.MethodName} are not counted."),
        };
    }

    private static Int128 Encoder(BackboneOptions backbone, int channels)
    {
        if (backbone is UNetBackbone unet)
        {
            return Chain(channels, unet.Filters, unet.ConvolutionsPerBlock, unet.BatchNormalization);
        }

        var (count, input) = (Normalized(channels, 64, 7), 64);
        foreach (var (blocks, filters) in ResNet34Encoder.Stages)
        {
            count += Normalized(input, filters, 3) + (((2 * blocks) - 1) * Normalized(filters, filters, 3));
            count += input == filters ? 0 : Normalized(input, filters, 1);
            input = filters;
        }

        return count;
    }

    private static Int128 Decoder(BackboneOptions backbone)
    {
        var count = (Int128)0;
        if (backbone is UNetBackbone unet)
        {
            for (var level = 0; level < unet.Filters.Count - 1; level++)
            {
                var filters = unet.Filters[level];
                count += Block(filters + (Int128)unet.Filters[level + 1], filters, unet.ConvolutionsPerBlock, unet.BatchNormalization);
            }

            return count;
        }

        foreach (var (input, skip, output) in ResNet34Decoder.Sizes)
        {
            count += Normalized(input + skip, output, 3) + Normalized(output, output, 3);
        }

        return count;
    }

    private static Int128 Head(int features, int dimensions, int convolutions) =>
        Convolution((Int128)features + dimensions, features, 1) + ((convolutions - 2) * Convolution(features, features, 1)) + Convolution(features, 1, 1);

    private static Int128 Latent(LatentSizes sizes, int channels, int masks) =>
        LatentEncoder(sizes, channels) + LatentEncoder(sizes, channels + (Int128)masks);

    private static Int128 LatentEncoder(LatentSizes sizes, Int128 channels) =>
        Chain(channels, sizes.Filters, sizes.ConvolutionsPerBlock, normalizes: false)
        + Convolution(sizes.Filters[^1], 2 * (Int128)sizes.Dimensions, 1);

    private static Int128 Projection(int features, int dimensions) =>
        Chain(features, ProjectionHead.Filters, convolutions: 2, normalizes: false) + Convolution(ProjectionHead.Filters[^1], dimensions, 1);

    private static Int128 Chain(Int128 channels, IReadOnlyList<int> filters, int convolutions, bool normalizes)
    {
        var count = (Int128)0;
        foreach (var own in filters)
        {
            count += Block(channels, own, convolutions, normalizes);
            channels = own;
        }

        return count;
    }

    private static Int128 Block(Int128 input, Int128 output, int convolutions, bool normalizes) => normalizes
        ? Normalized(input, output, 3) + ((convolutions - 1) * Normalized(output, output, 3))
        : Convolution(input, output, 3) + ((convolutions - 1) * Convolution(output, output, 3));

    // Filters and biases.
    private static Int128 Convolution(Int128 input, Int128 output, int size) => (input * output * size * size) + output;

    // Filters, then scale, shift, mean and variance of each channel, and the number of batches.
    private static Int128 Normalized(Int128 input, Int128 output, int size) => (input * output * size * size) + (4 * output) + 1;
}
