using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Trainings of a moment, and all that is known of their results.</summary>
internal static class TinyRun
{
    /// <summary>Twelve steps an epoch, so that progress is reported once inside and once at the end of each.</summary>
    public static ImageCache Images { get; } = TinyData.Images(TinyData.Shape, count: 48);

    /// <summary>Other images, two of three annotated.</summary>
    public static ImageCache Validation { get; } = MakeValidation();

    /// <summary>Trains and tells the bits of the weights and of sampled masks.</summary>
    public static RunResult Train(SegmentationOptions options, RunOptions? run = null, ImageCache? validation = null)
    {
        using var scope = NewDisposeScope();
        using var model = SegmentationTrainer.Fit(Images, options, run, validation);
        return Describe(model);
    }

    /// <summary>Trains, cancels at every report and continues, until the training ends; counts the interruptions.</summary>
    public static (RunResult Result, int Interruptions) TrainInPieces(
        SegmentationOptions options, RunOptions run, ImageCache? validation = null)
    {
        for (var interruptions = 0; ; interruptions++)
        {
            using var cancellation = new CancellationTokenSource();
            try
            {
                var stopping = run with
                {
                    CancellationToken = cancellation.Token,
                    Progress = new Reporter(_ => cancellation.Cancel()),
                };
                return (Train(options, stopping, validation), interruptions);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    public static RunResult Describe(SegmentationModel model)
    {
        var image = TinyData.Image(TinyData.Shape, seed: 99).Pixels;
        var masks = new byte[3 * TinyData.Shape.PixelCount];
        var probability = new float[TinyData.Shape.PixelCount];
        model.SampleMasks(image, 3, masks, probability);
        var weights = model.Method.state_dict()
            .SelectMany(named => named.Value.detach().cpu().contiguous().bytes.ToArray());
        return new RunResult([.. weights], masks, probability, model.TrainedEpochs);
    }

    private static ImageCache MakeValidation()
    {
        var cache = new ImageCache(TinyData.Shape);
        for (var i = 0; i < 3; i++)
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, 1000 + i);
            cache.Add(pixels, i < 2 ? annotations : []);
        }

        return cache;
    }
}
