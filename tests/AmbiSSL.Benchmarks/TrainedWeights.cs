using System.Security.Cryptography;
using TorchSharp;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// Hashes of every method's weights after two epochs on synthetic lesions. They tell whether a change of the code changed any training by a bit;
/// other processors and numbers of threads have other hashes.
/// </summary>
internal static class TrainedWeights
{
    public static void Run()
    {
        TorchRuntime.EnsureLoaded();
        torch.set_num_threads(1);
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 20, Annotators = 3, Height = 32, Width = 32, Seed = 1 });
        using var images = new ImageCache(lesions.Format);
        for (var i = 0; i < lesions.Count; i++)
        {
            var image = lesions.Read(i);
            images.Add(image.Pixels, i < 8 ? image.Annotations : new MaskSet(image.Annotations.Size, []));
        }

        foreach (var backbone in new BackboneOptions[] { new UNetBackbone { Filters = [8, 16, 32] }, new ResNet34Backbone() })
        {
            (string Name, SegmentationOptions Options)[] all =
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
            ];
            foreach (var (name, options) in all)
            {
                var training = options.Training with { BatchSize = 4, LearningRate = 1e-3 };
                using var model = SegmentationTrainer.Fit(
                    images,
                    options with { Backbone = backbone, Epochs = 2, Training = training, Seed = 7 },
                    new RunOptions { Device = ComputeDevice.Cpu });
                Console.WriteLine($"{name}, {backbone.GetType().Name}: {Hash(model)}");
            }
        }
    }

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
