using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>AmbiSSL with starting weights; training changes no time.</summary>
internal static class UntrainedModel
{
    public const int Annotators = 4;

    /// <summary>The light and the full backbone, by the names that are printed.</summary>
    public static IReadOnlyList<(string Name, BackboneOptions Options)> Backbones { get; } =
        [("UNet [32, 64, 128, 192]", new UNetBackbone { Filters = [32, 64, 128, 192] }), ("ResNet34", new ResNet34Backbone())];

    /// <summary>The backbones, with the precision in the name that is printed.</summary>
    public static IEnumerable<(string Name, BackboneOptions Options)> BackbonesIn(Precision precision) =>
        Backbones.Select(backbone => ($"{backbone.Name}, {precision}", backbone.Options));

    public static AmbiSSLOptions Options(BackboneOptions backbone, Precision precision = default) =>
        new() { Backbone = backbone, Precision = precision, WarmUpEpochs = TrainingStep.Time.Epoch, Epochs = TrainingStep.Time.Epochs, Seed = 1 };

    /// <summary>A model of gray images of that side, ready to sample. The caller disposes it.</summary>
    /// <param name="backbone">The light or the full one.</param>
    /// <param name="side">Rows, and columns.</param>
    /// <param name="precision">Of its convolutions.</param>
    /// <param name="device">Where it computes; the weights are the same everywhere. By default the CPU.</param>
    public static SegmentationModel Create(BackboneOptions backbone, int side, Precision precision = default, Device? device = null) =>
        Create(Options(backbone, precision), side, device);

    /// <summary>The same with options of AmbiSSL.</summary>
    public static SegmentationModel Create(AmbiSSLOptions options, int side, Device? device = null)
    {
        var shape = new ImageShape(1, side, side);
        TorchRuntime.EnsureLoaded();
        random.manual_seed(options.Seed!.Value);
        using var scope = NewDisposeScope();
        var method = options.CreateMethod(shape, Annotators, MaskClasses.One);
        method.eval();
        return new SegmentationModel(
            options,
            new ImageFormat(shape, PixelType.UInt8, Preprocessing.None) { Intensities = new IntensityScale(0, 255, Window: null) },
            Annotators,
            [],
            method,
            device ?? CPU);
    }
}
