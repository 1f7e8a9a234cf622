using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>Models that know their annotators, small enough for a test. The rows' annotators draw the larger the later they come.</summary>
public static class AnnotatorData
{
    public const int Annotators = 3;

    private static readonly Lazy<AmbiguousSegmentationTransformer> SharedModel = new(() => Trainers.Pionono(Pionono).Fit(TinyData.View()));

    public static PiononoOptions Pionono { get; } = Small(new PiononoOptions { AnnotatorSamples = 3 });

    public static GlobalConfusionMatrixOptions Global { get; } = Small(new GlobalConfusionMatrixOptions());

    public static PixelConfusionMatrixOptions Pixel { get; } = Small(new PixelConfusionMatrixOptions());

    /// <summary>A trained model of ranks by area that no test may dispose.</summary>
    public static AmbiguousSegmentationTransformer Shared => SharedModel.Value;

    public static AmbiguousSegmentationTrainers Trainers => TinyData.Context().AmbiguousSegmentation().Trainers;

    public static IEnumerable<TestCaseData> Estimators() =>
    [
        new TestCaseData(Trainers.GlobalConfusionMatrix(Global)).SetArgDisplayNames(Global.MethodName),
        new TestCaseData(Trainers.PixelConfusionMatrix(Pixel)).SetArgDisplayNames(Pixel.MethodName),
        new TestCaseData(Trainers.Pionono(Pionono)).SetArgDisplayNames(Pionono.MethodName),
    ];

    public static byte[][] Masks(IDataView scored, string column = "AnnotatorMasks") => [.. scored.GetColumn<byte[]>(column)];

    private static T Small<T>(T options)
        where T : SegmentationOptions => options with
    {
        Backbone = new UNetBackbone { Filters = [4, 8] },
        Samples = TinyData.Samples,
        Epochs = 40,
        Seed = 1,
        Training = new TrainingOptions { BatchSize = 2, LearningRate = 1e-2 },
    };
}
