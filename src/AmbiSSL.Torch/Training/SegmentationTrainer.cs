using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>Trains any of the methods: one loop for all.</summary>
public static class SegmentationTrainer
{
    /// <summary>Fewest rows and columns that an image may have.</summary>
    public const int MinimumSide = 8;

    // Weight initialisers draw from libtorch's global generator.
    private static readonly object GlobalGenerator = new();

    /// <summary>Trains a method on labelled and unlabeled images.</summary>
    /// <param name="images">At least one of them with annotations.</param>
    /// <param name="options">The method and its options.</param>
    /// <param name="validation">
    /// Images of other subjects, at least one of them with annotations, on which the model is scored while it is trained. The model is then
    /// that of the epoch with the lowest generalized energy distance on them; without them it is that of the last epoch.
    /// </param>
    /// <returns>The trained model; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the images cannot be learned from.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop; only the checkpoint and TensorBoard's files stay.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or foreign.</exception>
    /// <exception cref="InvalidOperationException">The loss became infinite or not a number, or the checkpoint is of another run.</exception>
    public static SegmentationModel Fit(ImageCache images, SegmentationOptions options, ImageCache? validation = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckImages(images);
        CheckAnnotators(images, options);
        CheckValidation(images, validation, options);
        options.CancellationToken.ThrowIfCancellationRequested();
        var device = options.Device.Resolve();
        using var denormals = DenormalNumbers.TakeForZero();
        using var checkpoint = RunCheckpoint.Open(options, images, validation);
        var seeded = options with { Seed = checkpoint?.Seed ?? options.Seed ?? Random.Shared.Next() };
        var model = new SegmentationModel(seeded, images.Shape, images.MaximumAnnotators, CreateMethod(images, seeded), device);
        try
        {
            if (checkpoint is { IsFinished: true })
            {
                checkpoint.Restore(model.Method);
                model.TrainedEpochs = checkpoint.Start.Epoch;
            }
            else
            {
                Train(model, images, validation, checkpoint, device);
                checkpoint?.Finish(model.Method, model.TrainedEpochs);
            }

            model.Method.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Train(SegmentationModel model, ImageCache images, ImageCache? validationImages, RunCheckpoint? checkpoint, Device device)
    {
        using var scope = NewDisposeScope();
        var (method, options) = (model.Method, model.Options);
        var seed = options.Seed!.Value;
        var (labeled, unlabeled) = (images.Labeled.ToArray(), images.Unlabeled.ToArray());
        var loader = new BatchLoader(images, images.MaximumAnnotators, options.Augmentation, device);
        var validation = validationImages is null ? null : new ValidationSet(validationImages);
        var log = options.TensorBoardDirectory is { } folder ? new TensorBoardLog(folder, validationImages ?? images) : null;
        var groups = method.ParameterGroups().ToArray();
        using var optimizer = optim.Adam(groups.Select(group => new Adam.ParamGroup(group.Parameters, options.LearningRate)));
        using var best = new BestEpoch(options.EarlyStoppingPatience);
        var progress = new ProgressReporter(options, device);
        var state = new TrainingState(method, optimizer, best, progress);
        var start = checkpoint?.Start ?? default;
        if (start.Step == 0)
        {
            checkpoint?.Restore(state);
        }

        var epoch = start.Epoch;
        for (; epoch < options.Epochs && !best.IsExhausted; epoch++)
        {
            var plan = new EpochPlan(labeled, unlabeled, options.BatchSize, seed, epoch);
            using var generator = new Generator((ulong)EpochPlan.HashCode(seed, ~epoch));
            var (first, count) = method.LearningRateSpan(epoch, options.Epochs);
            foreach (var (group, factor) in optimizer.ParamGroups.Zip(groups, (group, own) => (group, own.LearningRateFactor)))
            {
                group.LearningRate = factor * RampUp.Cosine(options.LearningRate, epoch - first, count);
            }

            var firstStep = epoch == start.Epoch ? start.Step : 0;
            method.train();
            method.BeginEpoch(epoch, generator);
            progress.BeginEpoch(epoch, plan.Steps, firstStep);
            if (firstStep > 0)
            {
                checkpoint!.Restore(state, generator);
            }

            // Between two steps, and between two validation images after the last one.
            void Pause(int step)
            {
                var stops = options.CancellationToken.IsCancellationRequested;
                if (step > firstStep && (stops || checkpoint is { IsDue: true }))
                {
                    checkpoint?.Save(state, new RunPosition(epoch, step), generator);
                }

                if (stops)
                {
                    options.CancellationToken.ThrowIfCancellationRequested();
                }
            }

            var context = new StepContext(epoch, options.Epochs, generator);
            for (var step = firstStep; step < plan.Steps; step++)
            {
                Pause(step);
                using var stepScope = NewDisposeScope();
                var batch = loader.Load(plan.Labeled(step), method.UsesUnlabeled(epoch) ? plan.Unlabeled(step) : [], generator);
                optimizer.zero_grad();
                var losses = method.Step(batch, context);
                losses.Total.backward();
                method.AfterBackward();
                optimizer.step();
                method.AfterUpdate();
                progress.Add(losses, batch);
            }

            progress.RequireFiniteLoss();
            method.eval();
            var canSample = method.CanSampleAfter(epoch);
            var scores = canSample && ((epoch + 1) % options.ValidationEvery == 0 || epoch + 1 == options.Epochs)
                ? validation?.Score(model, () => Pause(plan.Steps))
                : null;
            if (scores is not null)
            {
                best.Consider(method, scores.Ged.Mean, epoch + 1);
            }

            checkpoint?.Save(state, new RunPosition(epoch + 1, 0), generator);
            var report = progress.EndEpoch(scores, model);
            log?.Write(report, optimizer.ParamGroups.First().LearningRate, canSample ? model : null);
        }

        if (best.Epochs > 0)
        {
            best.RestoreTo(method);
        }

        model.TrainedEpochs = best.Epochs > 0 ? best.Epochs : epoch;
    }

    private static SegmentationMethod CreateMethod(ImageCache images, SegmentationOptions options)
    {
        TorchRuntime.EnsureLoaded();
        lock (GlobalGenerator)
        {
            // TorchSharp's layers leave tensors behind while they are made; the weights themselves outlive the scope.
            using var scope = NewDisposeScope();
            using var state = get_rng_state();
            random.manual_seed(options.Seed!.Value);
            var method = options.CreateMethod(images.Shape, images.MaximumAnnotators);
            set_rng_state(state);
            return method;
        }
    }

    private static void CheckImages(ImageCache images)
    {
        if (images.Count == 0)
        {
            throw new ArgumentException("There are no training images.", nameof(images));
        }

        if (images.MaximumAnnotators == 0)
        {
            throw new ArgumentException($"None of the {images.Count} training images has an annotation; at least one must.", nameof(images));
        }

        if (images.Shape.Height < MinimumSide || images.Shape.Width < MinimumSide)
        {
            throw new ArgumentException(
                $"The images are {images.Shape.Height}x{images.Shape.Width} pixels; at least {MinimumSide}x{MinimumSide} are needed.", nameof(images));
        }
    }

    private static void CheckAnnotators(ImageCache images, SegmentationOptions options)
    {
        if (options is not AnnotatorAwareOptions { AnnotatorIdentity: AnnotatorIdentity.Slot })
        {
            return;
        }

        var most = images.MaximumAnnotators;
        foreach (var i in images.Labeled)
        {
            if (images.AnnotationCount(i) < most)
            {
                throw new ArgumentException(
                    $"Image {i}, counted from 0, has {images.AnnotationCount(i)} masks where another has {most}; with AnnotatorIdentity.Slot, "
                    + $"{options.Method} needs every annotator's mask of each labelled image. Give the missing masks, or none at all of this "
                    + "image, or choose AnnotatorIdentity.AreaRank where the annotators have no identity.",
                    nameof(images));
            }
        }
    }

    private static void CheckValidation(ImageCache images, ImageCache? validation, SegmentationOptions options)
    {
        if (validation is null)
        {
            if (options.EarlyStoppingPatience is { } patience)
            {
                throw new ArgumentException(
                    $"EarlyStoppingPatience is {patience}, but there is no validation set to tell improvement by; give one, or leave it null.",
                    nameof(validation));
            }

            return;
        }

        if (validation.Shape != images.Shape)
        {
            throw new ArgumentException(
                $"The validation images are {validation.Shape} and the training images {images.Shape}; they must have one size.", nameof(validation));
        }

        if (validation.MaximumAnnotators == 0)
        {
            throw new ArgumentException(
                $"None of the {validation.Count} validation images has an annotation; at least one must.", nameof(validation));
        }
    }
}
