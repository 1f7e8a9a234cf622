using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using static TorchSharp.torch;

namespace AmbiSSL;

/// <summary>Trains any of the methods: one loop for all.</summary>
public static class SegmentationTrainer
{
    /// <summary>Fewest rows and columns that an image may have.</summary>
    public const int MinimumSide = WindowOptions.LeastSide;

    private const int MostFeatures = 1000;

    /// <summary>Trains a method on labeled and unlabeled images.</summary>
    /// <param name="images">At least one of them with annotations, in which there is foreground. The caches stay the caller's.</param>
    /// <param name="options">The method and its options.</param>
    /// <param name="run">Where and with what it runs; null for the default options.</param>
    /// <param name="validation">
    /// Images of other subjects, at least one of them with annotations, on which the model is scored while it is trained. The model is then
    /// that of the epoch with the lowest generalized energy distance on them; without them it is that of the last epoch.
    /// </param>
    /// <param name="from">
    /// A trained model from whose weights the training starts, with a new optimizer and a schedule that begins anew; null for weights of the seed. Method,
    /// channels, intensity window, readers and sizes of the networks must be the same, and no image may have more masks than it has annotators. It stays the
    /// caller's and as it is.
    /// </param>
    /// <returns>The trained model; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, the images cannot be learned from, as where no mask has a pixel of foreground, or the model to start from does not fit.
    /// </exception>
    /// <exception cref="IOException">The temporary file of a cache cannot be read, or another process took the checkpoint's folder over.</exception>
    /// <exception cref="OperationCanceledException">
    /// The run options' token asked to stop, and no model is to be kept (<see cref="RunOptions.KeepsModelOnCancel"/>), or there is none; only the
    /// checkpoint, the table of epochs and TensorBoard's files stay.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or foreign.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loss became larger than a million or not a number, or weights did in the last step, or the checkpoint is of another run, or another process writes
    /// there, or a step cannot be recorded as a CUDA graph.
    /// </exception>
    public static SegmentationModel Fit(
        ImageCache images, SegmentationOptions options, RunOptions? run = null, ImageCache? validation = null, SegmentationModel? from = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        run ??= new RunOptions();
        options.Validate();
        run.Validate();
        CheckImages(images, options);
        CheckBatches(images, options);
        var format = Format(images, options);
        CheckValidation(images, format, validation, options);
        run.CancellationToken.ThrowIfCancellationRequested();
        var device = run.Device.Resolve();

        // A thread that computes for the first time learns here on how many libtorch was told to compute.
        _ = get_num_threads();
        using var denormals = DenormalNumbers.TakeForZero();
        using var checkpoint = RunCheckpoint.Open(options, run, images, validation, from);
        var seeded = options with { Seed = checkpoint?.Seed ?? options.Seed ?? Random.Shared.Next() };
        var readers = options.KnowsAnnotators ? images.Readers : [];
        var annotators = readers.Count > 0 ? readers.Count : images.MaximumAnnotators;
        if (from is not null)
        {
            StartingModel.RequireFit(from, options, format, annotators, images.Classes, readers);
            annotators = from.Annotators;
        }

        var model = new SegmentationModel(
            seeded, format, annotators, readers, CreateMethod(images, annotators, seeded), device);
        try
        {
            if (checkpoint is { IsFinished: true })
            {
                checkpoint.Restore(model.Method);
                model.TrainedEpochs = checkpoint.Start.Epoch;
            }
            else
            {
                var ended = Train(model, run, images, validation, checkpoint, device, from);
                RequireFiniteWeights(model);
                if (ended)
                {
                    checkpoint?.Finish(model.Method, model.TrainedEpochs);
                }
            }

            model.Method.eval();
            model.FeatureRange = model.HasWindows ? null : FeatureRange.Of([.. Features(model, images)]);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static bool Train(
        SegmentationModel model, RunOptions run, ImageCache images, ImageCache? validation, RunCheckpoint? checkpoint, Device device, SegmentationModel? from)
    {
        using var scope = NewDisposeScope();
        using var stream = CudaStream.Take(device);
        from?.CopyWeightsTo(model.Method);
        using var training = new TrainingRun(model, run, images, validation, checkpoint, device, stream);
        return training.Train();
    }

    // The loss tells of weights before a step, and no step follows the last one.
    private static void RequireFiniteWeights(SegmentationModel model)
    {
        if (StoredWeights.NotFinite(model.Method.state_dict()) is { } ruined)
        {
            throw new InvalidOperationException(
                $"The last step of the training left weight '{ruined}' with values that are not finite; lower LearningRate (now "
                + FormattableString.Invariant($"{model.Options.Training.LearningRate}) or check the scale of the pixel values."));
        }
    }

    /// <summary>What the encoder sees of the training images: of all, or of a thousand that are spread over them.</summary>
    private static IEnumerable<float[]> Features(SegmentationModel model, ImageCache images)
    {
        var count = Math.Min(images.Count, MostFeatures);
        return from place in Enumerable.Range(0, count)
               let image = (int)((long)place * images.Count / count)
               select model.Features(images.Read(image, model.Images.Intensities!).Pixels.ToFloats());
    }

    private static SegmentationMethod CreateMethod(ImageCache images, int annotators, SegmentationOptions options) =>
        GlobalGenerator.Lend(() => options.CreateMethod(images.Shape, annotators, images.Classes), options.Seed!.Value);

    /// <summary>What the model takes: where it sees images through windows, and they are neither cropped nor resized, images of any size.</summary>
    private static ImageFormat Format(ImageCache images, SegmentationOptions options)
    {
        var format = images.Format with { Intensities = IntensityScale.Of(images, options.Training.IntensityWindow) };
        return options.Training.Windows is not null && format.Preprocessing == Preprocessing.None
            ? format with { Shape = format.Shape.WithAnySize(), Preprocessing = new Preprocessing { AnySize = true } }
            : format;
    }

    private static void CheckImages(ImageCache images, SegmentationOptions options)
    {
        if (images.Count == 0)
        {
            throw new ArgumentException("There are no training images.", nameof(images));
        }

        if (images.MaximumAnnotators == 0)
        {
            throw new ArgumentException($"None of the {images.Count} training images has an annotation; at least one must.", nameof(images));
        }

        if (ForegroundCheck.OfTraining(images) is { } fault)
        {
            throw new ArgumentException($"{char.ToUpperInvariant(fault.Problem[0])}{fault.Problem[1..]}; {fault.Remedy}.", nameof(images));
        }

        if (images.Shape.IsAnySize)
        {
            if (options.Training.Windows is null)
            {
                throw new ArgumentException(
                    $"The images have sizes that may differ, and the networks see one; set {nameof(TrainingOptions)}.{nameof(TrainingOptions.Windows)}, or "
                    + "give images of one size.",
                    nameof(images));
            }

            return;
        }

        if (images.Shape.Height < MinimumSide || images.Shape.Width < MinimumSide)
        {
            throw new ArgumentException(
                $"The images are {images.Shape.Height}x{images.Shape.Width} pixels; at least {MinimumSide}x{MinimumSide} are needed.", nameof(images));
        }
    }

    // Over a single value there is no variance: statistics that a batch leaves to the model would be no numbers, and an image's own would leave nothing of it.
    private static void CheckBatches(ImageCache images, SegmentationOptions options)
    {
        var (size, stride) = (options.Training.Windows?.Size ?? images.Shape.Size, options.Backbone.Stride);
        if (size.Height > stride || size.Width > stride)
        {
            return;
        }

        var together = images.Unlabeled.Any() ? options.Training.BatchSize / 2 : options.Training.BatchSize;
        if (together == 1 && options.Backbone.NormalizesBatches)
        {
            throw new ArgumentException(
                $"BatchSize is {options.Training.BatchSize}, one labeled and one unlabeled image, and of {size} pixels the coarsest features are one value "
                + "each, over which nothing can be normalized; set BatchSize to 4.",
                nameof(options));
        }

        if (options.Backbone.NormalizesEachImage)
        {
            throw new ArgumentException(
                $"{nameof(BackboneOptions.Normalization)} is {FeatureNormalization.Instance}, and of {size} pixels the coarsest features of an image are one "
                + $"value each, over which nothing can be normalized; set it to {FeatureNormalization.Batch}, or give larger images.",
                nameof(options));
        }
    }

    private static void CheckValidation(ImageCache training, ImageFormat images, ImageCache? validation, SegmentationOptions options)
    {
        if (validation is null)
        {
            options.Training.RequireNoEarlyStopping("give one, or leave it null");
            return;
        }

        if (validation.Shape != training.Shape)
        {
            throw new ArgumentException(
                $"The validation images are {validation.Shape} and the training images {training.Shape}; they must have one size.", nameof(validation));
        }

        if (validation.Classes != training.Classes && validation.MaximumAnnotators > 0)
        {
            throw new ArgumentException(
                $"The masks of the validation images tell apart {validation.Classes}, and those of the training images {training.Classes}; give masks of the "
                + "same classes.",
                nameof(validation));
        }

        if (validation.MaximumAnnotators == 0)
        {
            throw new ArgumentException(
                $"None of the {validation.Count} validation images has an annotation; at least one must.", nameof(validation));
        }

        if (IntensityCheck.OfType(images, validation.Format.Source) is { } type)
        {
            throw new ArgumentException(
                $"The validation images are {validation.Format.Source.InWords()}; expected are {type.Expected}; {type.Remedy}.", nameof(validation));
        }

        if (IntensityCheck.OfImage(images, validation.Format.Source, validation.Range) is { } fault)
        {
            throw new ArgumentException($"The validation images' {fault.Problem}; {fault.Remedy}.", nameof(validation));
        }
    }
}
