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
    /// <returns>The trained model; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the images cannot be learned from.</exception>
    /// <exception cref="OperationCanceledException">The options' token asked to stop; nothing is left behind.</exception>
    /// <exception cref="InvalidOperationException">The loss became infinite or not a number.</exception>
    public static SegmentationModel Fit(ImageCache images, SegmentationOptions options)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckImages(images);
        CheckAnnotators(images, options);
        options.CancellationToken.ThrowIfCancellationRequested();
        var device = options.Device.Resolve();
        using var denormals = DenormalNumbers.TakeForZero();
        var seeded = options with { Seed = options.Seed ?? Random.Shared.Next() };
        var model = new SegmentationModel(seeded, images.Shape, images.MaximumAnnotators, CreateMethod(images, seeded), device);
        try
        {
            Train(model.Method, images, seeded, device);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Train(SegmentationMethod method, ImageCache images, SegmentationOptions options, Device device)
    {
        using var scope = NewDisposeScope();
        var seed = options.Seed!.Value;
        var (labeled, unlabeled) = (images.Labeled.ToArray(), images.Unlabeled.ToArray());
        var loader = new BatchLoader(images, images.MaximumAnnotators, new Augmentation(options.Augmentation), device);
        var groups = method.ParameterGroups().ToArray();
        using var optimizer = optim.Adam(groups.Select(group => new Adam.ParamGroup(group.Parameters, options.LearningRate)));
        var progress = new ProgressReporter(options);

        method.train();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            var plan = new EpochPlan(labeled, unlabeled, options.BatchSize, seed, epoch);
            using var generator = new Generator((ulong)EpochPlan.HashCode(seed, ~epoch));
            foreach (var (group, factor) in optimizer.ParamGroups.Zip(groups, (group, own) => (group, own.LearningRateFactor)))
            {
                group.LearningRate = factor * RampUp.Cosine(options.LearningRate, epoch, options.Epochs);
            }

            method.BeginEpoch(epoch, generator);
            progress.BeginEpoch(epoch, plan.Steps);
            var context = new StepContext(epoch, options.Epochs, generator);
            for (var step = 0; step < plan.Steps; step++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
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
        }

        method.eval();
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
}
