using System.Security.Cryptography;
using TorchSharp;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// Hashes of every method's weights after two epochs on synthetic lesions. They tell whether a change of the code changed any training by a bit;
/// other processors and numbers of threads have other hashes.
/// </summary>
internal static class TrainedWeights
{
    /// <summary>Every method with its default options, but for a short warm-up.</summary>
    public static IReadOnlyList<(string Name, SegmentationOptions Options)> Methods { get; } =
    [
        ("ambissl", new AmbiSSLOptions { WarmUpEpochs = 1 }),
        ("ambissl published", AmbiSSLOptions.Published with { WarmUpEpochs = 1 }),
        ("supervised", new SupervisedOptions()),
        ("prob-unet", new ProbabilisticUNetOptions()),
        ("d-persona", new DPersonaOptions()),
        ("self-training", new SelfTrainingOptions { WarmUpEpochs = 1 }),
        ("cross-pseudo", new CrossPseudoSupervisionOptions { WarmUpEpochs = 1 }),
        ("consistency", new ConsistencyRegularizationOptions { WarmUpEpochs = 1 }),
        ("cm-global", new GlobalConfusionMatrixOptions()),
        ("cm-pixel", new PixelConfusionMatrixOptions()),
        ("pionono", new PiononoOptions()),
        ("ssn", new StochasticSegmentationOptions()),
        ("one-mask", new OneMaskOptions()),
    ];

    public static void Run()
    {
        TorchRuntime.EnsureLoaded();
        torch.set_num_threads(1);
        using var images = Images();
        foreach (var backbone in new BackboneOptions[] { new UNetBackbone { Filters = [8, 16, 32] }, new ResNet34Backbone() })
        {
            foreach (var (name, options) in Methods)
            {
                using var model = Train(images, options with { Backbone = backbone }, new RunOptions { Device = ComputeDevice.Cpu });
                Console.WriteLine($"{name}, {backbone.GetType().Name}: {Hash(model)}");
            }
        }
    }

    /// <summary>Eight outlined lesions and twelve that nobody outlined, of 32x32 pixels.</summary>
    public static ImageCache Images()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 20, Annotators = 3, Height = 32, Width = 32, Seed = 1 });
        var images = new ImageCache(lesions.Format);
        for (var i = 0; i < lesions.Count; i++)
        {
            var image = lesions.Read(i);
            images.Add(image.Pixels, i < 8 ? image.Annotations : new MaskSet(image.Annotations.Size, []));
        }

        return images;
    }

    /// <summary>Two epochs of six steps.</summary>
    public static SegmentationModel Train(ImageCache images, SegmentationOptions options, RunOptions run) => SegmentationTrainer.Fit(
        images, options with { Epochs = 2, Training = options.Training with { BatchSize = 4, LearningRate = 1e-3 }, Seed = 7 }, run);

    private static string Hash(SegmentationModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, weight) in model.Method.state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            using var scope = torch.NewDisposeScope();
            hash.AppendData(weight.detach().cpu().contiguous().bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
