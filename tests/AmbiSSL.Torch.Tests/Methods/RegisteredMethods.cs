using System.Reflection;
using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>Every method that model files can name, with options so small that a training takes a moment.</summary>
internal static class RegisteredMethods
{
    public static IEnumerable<string> Words => Registered().Select(method => (string)method.TypeDiscriminator!);

    /// <summary>Options with the method's own defaults; five epochs and more reach past every warm-up and into every stage.</summary>
    public static SegmentationOptions Options(string word)
    {
        var options = Defaults(word) with
        {
            Backbone = new UNetBackbone { Filters = [4, 4, 4, 4], ConvolutionsPerBlock = 1 },
            Samples = 3,
            Epochs = 8,
            Training = new TrainingOptions { BatchSize = 4, LearningRate = 5e-3 },
            Seed = 7,
        };
        return options switch
        {
            LatentSegmentationOptions latent => latent with { LatentFilters = [4, 4], LatentConvolutionsPerBlock = 1, LatentDimensions = 2 },
            PiononoOptions pionono => pionono with { LatentDimensions = 2 },
            StochasticSegmentationOptions stochastic => stochastic with { Rank = 2, TrainingSamples = 4 },
            _ => options,
        };
    }

    public static SegmentationOptions Defaults(string word) =>
        (SegmentationOptions)Activator.CreateInstance(Registered().Single(method => word.Equals(method.TypeDiscriminator)).DerivedType)!;

    private static IEnumerable<JsonDerivedTypeAttribute> Registered() =>
        typeof(SegmentationOptions).GetCustomAttributes<JsonDerivedTypeAttribute>();
}
