using AmbiSSL;
using Microsoft.ML;

namespace Serving;

/// <summary>A small model of synthetic lesions, for those who have none yet.</summary>
public static class DemoModel
{
    private static readonly SyntheticLesions Lesions =
        new(new SyntheticLesionOptions { Images = 48, Height = 48, Width = 48, Radius = 0.18, Seed = 1 });

    /// <summary>An image that the model was not trained on.</summary>
    public static ImagePixels Example { get; } =
        new SyntheticLesions(new SyntheticLesionOptions { Images = 1, Height = 48, Width = 48, Radius = 0.18, Seed = 2 }).Read(0).Pixels;

    /// <summary>Trains it.</summary>
    public static ITransformer Train(MLContext context)
    {
        var segmentation = context.AmbiguousSegmentation();
        var options = new SupervisedOptions
        {
            Backbone = new UNetBackbone { Filters = [8, 16, 32] },
            LatentFilters = [8, 16],
            LatentConvolutionsPerBlock = 1,
            BoundSamples = 2,
            EnergySamples = 2,
            Samples = 8,
            Epochs = 30,
            Training = new TrainingOptions { BatchSize = 4, LearningRate = 2e-3 },
        };
        return segmentation.Trainers.Supervised(options).Fit(segmentation.Load(Lesions));
    }
}
