using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Models;

/// <summary>
/// Names, types and shapes of a method's weights, running statistics and counters of batches, from its options alone: a file whose options do not
/// go with what it holds is refused before any network is built.
/// </summary>
internal static class WeightTable
{
    /// <summary>The weights of a method with these options. Each is told when it is asked for, since absurd options have very many.</summary>
    /// <param name="options">Options in their ranges.</param>
    /// <param name="shape">Size of the images.</param>
    /// <param name="annotators">Most masks of an image.</param>
    /// <param name="classes">The classes K of a mask.</param>
    public static IEnumerable<WeightShape> Of(SegmentationOptions options, ImageShape shape, int annotators, MaskClasses classes) =>
        options.Backbone.Normalization == FeatureNormalization.Batch
            ? All(options, shape, annotators, classes)
            : All(options, shape, annotators, classes).Where(weight => !IsStatistic(weight.Name[(weight.Name.LastIndexOf('.') + 1)..]));

    private static IEnumerable<WeightShape> All(SegmentationOptions options, ImageShape shape, int annotators, MaskClasses classes)
    {
        var confusion = new ConfusionMatrices(classes);
        var masks = (long)annotators * classes.Count;
        var backbone = options.Backbone;
        long features = backbone is UNetBackbone unet ? unet.Filters[0] : ResNet34Decoder.Sizes[^1].Output;
        var encoder = At("enc", Encoder(backbone, shape.Channels));
        var decoder = At("dec", Decoder(backbone));
        return options switch
        {
            AmbiSSLOptions own => Join(
                encoder,
                DiversePseudoLabelGeneration.DecoderNames.SelectMany(name => Join(
                    At($"dec.{name}", Decoder(backbone)), At($"seg.{name}", Head(features, own.LatentDimensions, 4, classes.Count)))),
                Latent(own.LatentSizes, shape.Channels, masks)),
            LatentSegmentationOptions own => Join(
                Networks(own).SelectMany(name => At(name, Join(encoder, decoder, At("seg", Head(features, own.LatentDimensions, 4, classes.Count))))),
                Latent(own.LatentSizes, shape.Channels, own is ProbabilisticUNetOptions ? classes.Count : masks),
                own is DPersonaOptions ? ForEach("proj", annotators, () => Projection(features, own.LatentDimensions)) : []),
            PiononoOptions own => Join(
                encoder,
                decoder,
                At("seg", Head(features, own.LatentDimensions, 3, classes.Count)),
                [Weight("latents.means", annotators, own.LatentDimensions)],
                [Weight("latents.factors", annotators, own.LatentDimensions, own.LatentDimensions)]),
            StochasticSegmentationOptions own => Join(
                encoder,
                decoder,
                At("mean", Convolution(features, classes.Count, 1)),
                At("log_variance", Convolution(features, classes.Count, 1)),
                At("factors", Convolution(features, (long)own.Rank * classes.Count, 1))),
            OneMaskOptions => Join(encoder, decoder, At("seg", Convolution(features, classes.Count, 1))),
            GlobalConfusionMatrixOptions => Join(
                encoder,
                decoder,
                At("seg", Convolution(features, classes.Count, 1)),
                [Weight("matrices", [.. classes.Overlap ? (long[])[classes.Count] : [], annotators, confusion.Size, confusion.Size])]),
            PixelConfusionMatrixOptions => Join(
                encoder,
                decoder,
                At("seg", Convolution(features, classes.Count, 1)),
                ForEach("annotators", annotators, () => Confusion(features, confusion))),
            _ => throw new NotSupportedException($"The weights of {options.MethodName} are not known."),
        };
    }

    private static string[] Networks(LatentSegmentationOptions options) => options is CrossPseudoSupervisionOptions ? ["net", "second"] : ["net"];

    /// <summary>The weights of a backbone's encoder.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="channels">Channels of the images.</param>
    public static IEnumerable<WeightShape> Encoder(BackboneOptions backbone, int channels) => backbone is UNetBackbone unet
        ? unet.Filters.SelectMany((own, level) => At(
            $"blocks.{level}",
            Block(level == 0 ? channels : unet.Filters[level - 1], own, unet.ConvolutionsPerBlock, pools: level > 0, unet.BatchNormalization)))
        : Join(
            At("conv1", Convolution(channels, 64, 7, bias: false)),
            At("bn1", Normalization(64)),
            ResNet34Encoder.Stages.SelectMany((stage, s) => Enumerable.Range(0, stage.Blocks).SelectMany(block => At(
                $"layer{s + 1}.{block}",
                Residual(block == 0 && s > 0 ? ResNet34Encoder.Stages[s - 1].Filters : stage.Filters, stage.Filters)))));

    private static IEnumerable<WeightShape> Residual(long input, long output) => Join(
        At("conv1", Convolution(input, output, 3, bias: false)),
        At("bn1", Normalization(output)),
        At("conv2", Convolution(output, output, 3, bias: false)),
        At("bn2", Normalization(output)),
        input == output ? [] : At("downsample", Normalized(input, output, 1)));

    private static IEnumerable<WeightShape> Decoder(BackboneOptions backbone) => backbone is UNetBackbone unet
        ? Enumerable.Range(0, unet.DecoderBlocks).SelectMany(block => At($"blocks.{block}", UNetDecoder(unet, unet.DecoderBlocks - 1 - block)))
        : ResNet34Decoder.Sizes.SelectMany((size, block) => At($"blocks.{block}", Join(
            At("conv1", Normalized(size.Input + size.Skip, size.Output, 3)), At("conv2", Normalized(size.Output, size.Output, 3)))));

    private static IEnumerable<WeightShape> UNetDecoder(UNetBackbone unet, int level) => Block(
        unet.Filters[level] + (long)unet.Filters[level + 1], unet.Filters[level], unet.ConvolutionsPerBlock, pools: false, unet.BatchNormalization);

    private static IEnumerable<WeightShape> Head(long features, long dimensions, int convolutions, int classes) => Join(
        Enumerable.Range(0, convolutions - 1).SelectMany(i => At(
            $"layers.{2 * i}", Convolution(i == 0 ? features + dimensions : features, features, 1))),
        At("last_layer", Convolution(features, classes, 1)));

    private static IEnumerable<WeightShape> Latent(LatentSizes sizes, long channels, long masks) =>
        Join(At("prior", LatentEncoder(sizes, channels)), At("posterior", LatentEncoder(sizes, channels + masks)));

    private static IEnumerable<WeightShape> LatentEncoder(LatentSizes sizes, long channels)
    {
        // The blocks are one sequence, each a pooling, but for the first, and then convolutions and ReLUs in turn.
        var positions = 1 + (2 * (long)sizes.ConvolutionsPerBlock);
        return Join(
            At("encoder", sizes.Filters.SelectMany((own, block) => Block(
                block == 0 ? channels : sizes.Filters[block - 1],
                own,
                sizes.ConvolutionsPerBlock,
                pools: block > 0,
                normalizes: false,
                first: Math.Max(0, (block * positions) - 1)))),
            At("head", Convolution(sizes.Filters[^1], 2 * (long)sizes.Dimensions, 1)));
    }

    private static IEnumerable<WeightShape> Projection(long features, long dimensions) => Join(
        ProjectionHead.Filters.SelectMany((own, block) => At(
            $"blocks.{block}", Block(block == 0 ? features : ProjectionHead.Filters[block - 1], own, 2, pools: block > 0, normalizes: false))),
        At("query", Convolution(ProjectionHead.Filters[^1], dimensions, 1)));

    private static IEnumerable<WeightShape> Confusion(long features, ConfusionMatrices matrices) => Join(
        At("block", Block(features, features, 2, pools: false, normalizes: false)),
        At("last_layer", Convolution(features, (long)matrices.Groups * matrices.Size * matrices.Size, 1)));

    /// <summary>A <see cref="ConvolutionBlock"/>, whose layers are named by their position, counted from <paramref name="first"/>.</summary>
    private static IEnumerable<WeightShape> Block(long input, long output, int convolutions, bool pools, bool normalizes, long first = 0)
    {
        var position = first + (pools ? 1 : 0);
        for (var convolution = 0; convolution < convolutions; convolution++)
        {
            foreach (var weight in At($"{position++}", Convolution(convolution == 0 ? input : output, output, 3, bias: !normalizes)))
            {
                yield return weight;
            }

            if (normalizes)
            {
                foreach (var weight in At($"{position++}", Normalization(output)))
                {
                    yield return weight;
                }
            }

            position++;
        }
    }

    private static IEnumerable<WeightShape> Normalized(long input, long output, int size) =>
        Join(At("0", Convolution(input, output, size, bias: false)), At("1", Normalization(output)));

    private static WeightShape[] Convolution(long input, long output, int size, bool bias = true)
    {
        var weight = Weight("weight", output, input, size, size);
        return bias ? [weight, Weight("bias", output)] : [weight];
    }

    private static WeightShape[] Normalization(long channels) =>
    [
        Weight("weight", channels), Weight("bias", channels), Weight("running_mean", channels), Weight("running_var", channels),
        new("num_batches_tracked", ScalarType.Int64, []),
    ];

    /// <summary>Whether it is what batch normalization has beside its weights.</summary>
    private static bool IsStatistic(string name) => name is "running_mean" or "running_var" or "num_batches_tracked";

    private static WeightShape Weight(string name, params long[] shape) => new(name, ScalarType.Float32, shape);

    private static IEnumerable<WeightShape> ForEach(string group, int count, Func<IEnumerable<WeightShape>> weights) =>
        Enumerable.Range(0, count).SelectMany(i => At($"{group}.{i}", weights()));

    private static IEnumerable<WeightShape> At(string module, IEnumerable<WeightShape> weights) =>
        weights.Select(weight => weight with { Name = $"{module}.{weight.Name}" });

    private static IEnumerable<WeightShape> Join(params IEnumerable<WeightShape>[] parts) => parts.SelectMany(part => part);
}
