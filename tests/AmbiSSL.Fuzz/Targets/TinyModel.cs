using static TorchSharp.torch;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A method and images so small that a training takes a moment.</summary>
internal static class TinyModel
{
    private const int Annotators = 2;
    private static readonly ImageShape Shape = new(1, 16, 16);

    public static AmbiSSLOptions Options { get; } = new()
    {
        Backbone = new UNetBackbone { Filters = [2, 3], ConvolutionsPerBlock = 1 },
        LatentFilters = [2],
        LatentConvolutionsPerBlock = 1,
        LatentDimensions = 2,
        BoundSamples = 2,
        Samples = 2,
        Epochs = 2,
        WarmUpEpochs = 1,
        PruneFromBlock = 0,
        Seed = 7,
        Training = new TrainingOptions { BatchSize = 4, LearningRate = 1e-3 },
    };

    /// <summary>Four images, two of them outlined.</summary>
    public static ImageCache Images { get; } = MakeImages();

    /// <summary>A model that was not trained; the caller disposes it.</summary>
    public static SegmentationModel Make()
    {
        random.manual_seed(1);
        var format = new ImageFormat(Shape, PixelType.UInt8, Preprocessing.None) { Intensities = new IntensityScale(0, 255, Window: null) };
        return new SegmentationModel(Options, format, Annotators, [], Options.CreateMethod(Shape, Annotators, MaskClasses.One), CPU);
    }

    /// <summary>Its file.</summary>
    public static byte[] Save()
    {
        using var model = Make();
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static ImageCache MakeImages()
    {
        var cache = new ImageCache(Shape);
        for (var image = 0; image < 4; image++)
        {
            float[] pixels = [.. Enumerable.Range(0, Shape.Length).Select(i => ((i * 31) + (image * 17)) % 64 / 64f)];
            byte[] masks = [.. Enumerable.Range(0, Annotators * Shape.PixelCount).Select(i => (byte)(i / 16 % 16 is > 4 and < 11 ? 1 : 0))];
            cache.Add(new ImagePixels(Shape, pixels), new MaskSet(Shape.Size, image % 2 == 0 ? masks : []));
        }

        return cache;
    }
}
