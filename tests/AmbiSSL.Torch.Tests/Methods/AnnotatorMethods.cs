using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>The methods that know their annotators, with options so small that a training takes a moment.</summary>
internal static class AnnotatorMethods
{
    public static readonly GlobalConfusionMatrixOptions Global = Small(new GlobalConfusionMatrixOptions());

    public static readonly PixelConfusionMatrixOptions Pixel = Small(new PixelConfusionMatrixOptions());

    public static readonly PiononoOptions Pionono = Small(new PiononoOptions { LatentDimensions = 3, AnnotatorSamples = 4 });

    public static IEnumerable<TestCaseData> All() =>
        ((SegmentationOptions[])[Global, Pixel, Pionono]).Select(options => new TestCaseData(options).SetArgDisplayNames(options.MethodName));

    public static IEnumerable<TestCaseData> ConfusionMatrices() => All().Take(2);

    /// <summary>Images that every annotator outlined, or that nobody did.</summary>
    public static ImageCache Images(int annotators = 3, bool named = true) => TinyData.Images(TinyData.Shape, annotators: annotators, named: named);

    private static T Small<T>(T options)
        where T : SegmentationOptions => options with
    {
        Backbone = TinyData.Options.Backbone,
        Samples = 4,
        Epochs = 2,
        Seed = 7,
        Training = options.Training with { BatchSize = 4, LearningRate = 1e-3 },
    };
}
