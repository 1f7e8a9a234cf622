using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// An encoder and a decoder that learn to restore hidden patches of images: each hidden pixel shows its image's mean, and a 1x1 convolution over the decoded
/// features, which nothing else needs, says what was there. The loss is the mean squared error over hidden pixels.
/// </summary>
internal sealed class MaskedReconstruction
{
    private readonly PretrainingOptions _options;
    private readonly FeatureEncoder _encoder;
    private readonly FeatureDecoder _decoder;
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <param name="options">How many patches are hidden, and their size.</param>
    /// <param name="encoder">In training mode, on the device that trains.</param>
    /// <param name="decoder">The same.</param>
    /// <param name="channels">Channels C of the images.</param>
    /// <param name="generator">Of the convolution's first weights.</param>
    public MaskedReconstruction(PretrainingOptions options, FeatureEncoder encoder, FeatureDecoder decoder, int channels, Generator generator)
    {
        (_options, _encoder, _decoder) = (options, encoder, decoder);
        var (features, device) = (decoder.OutputChannels, encoder.parameters().First().device);
        _weight = new Parameter(randn([channels, features, 1, 1], generator: generator).Over(Math.Sqrt(features)).to(device));
        _bias = new Parameter(zeros(channels, device: device));
    }

    /// <summary>The pairs of encoder and decoder of a method: the first decoder of each encoder. All others of AmbiSSL are made from it, or begin on their own.</summary>
    public static IEnumerable<(FeatureEncoder Encoder, FeatureDecoder Decoder)> Pairs(SegmentationMethod method) =>
        method.modules().OfType<FeatureEncoder>().Zip(method.modules().OfType<FeatureDecoder>());

    /// <summary>Trains every encoder and decoder of a method on all images.</summary>
    /// <param name="method">On the device that trains; afterwards in training mode.</param>
    /// <param name="options">The options of the training, with those of this.</param>
    /// <param name="images">Where batches come from.</param>
    /// <param name="turns">Positions of all images, each as often as an epoch takes it.</param>
    /// <param name="seed">Of order, augmentation and patches.</param>
    /// <param name="progress">Where it reports.</param>
    /// <param name="cancellation">Ends it before the next step.</param>
    public static void Train(
        SegmentationMethod method,
        TrainingOptions options,
        BatchLoader images,
        IReadOnlyList<int> turns,
        int seed,
        ProgressReporter progress,
        CancellationToken cancellation)
    {
        method.train();
        foreach (var (encoder, decoder) in Pairs(method))
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)EpochPlan.HashCode(seed, 0));
            var own = new MaskedReconstruction(options.Pretraining!, encoder, decoder, images.Channels, generator);
            own.Train(options, images, turns, EpochPlan.HashCode(seed, 1), generator, progress, cancellation);
        }
    }

    /// <summary>Loss of images [B, C, H, W] of which the pixels where a mask [B, 1, H, W] is true are hidden.</summary>
    public Tensor Loss(Tensor images, Tensor hidden)
    {
        var error = Restore(images, hidden) - images;
        return (error.Squared() * hidden).sum() / hidden.sum().Times(images.shape[1]).NotBelow(1);
    }

    /// <summary>The images as they are restored, hidden and seen pixels alike.</summary>
    public Tensor Restore(Tensor images, Tensor hidden) =>
        nn.functional.conv2d(_decoder.Decode(_encoder.Encode(HiddenPatches.Hide(images, hidden))).to(_weight.dtype), _weight, _bias);

    /// <summary>Which pixels are hidden, [B, 1, H, W], on the device of the images.</summary>
    public Tensor Hide(Tensor images, Generator generator) =>
        HiddenPatches.Draw(images, _options.MaskedShare, _options.PatchSize, generator).ToDevice(images.device);

    /// <summary>Trains encoder and decoder.</summary>
    /// <param name="options">Size of batches and learning rate, which falls to zero by a cosine over the steps.</param>
    /// <param name="images">Where batches come from.</param>
    /// <param name="turns">Positions of the images, each as often as an epoch takes it.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="generator">Of augmentation and patches.</param>
    /// <param name="progress">Where it reports.</param>
    /// <param name="cancellation">Ends it before the next step.</param>
    public void Train(
        TrainingOptions options,
        BatchLoader images,
        IReadOnlyList<int> turns,
        int seed,
        Generator generator,
        ProgressReporter progress,
        CancellationToken cancellation)
    {
        var optimizer = new AdamOptimizer([([.. _encoder.parameters(), .. _decoder.parameters(), _weight, _bias], 1)], options.LearningRate);
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            var plan = new EpochPlan(turns, [], options.BatchSize, seed, epoch);
            progress.BeginEpoch(epoch, plan.Steps, firstStep: 0);
            for (var step = 0; step < plan.Steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var batch = images.LoadImages(plan.Labeled(step), generator);
                optimizer.SetLearningRate(RampUp.Cosine(options.LearningRate, (epoch * plan.Steps) + step, _options.Epochs * plan.Steps));
                optimizer.ForgetGradients();
                var loss = Loss(batch, Hide(batch, generator));
                loss.backward();
                optimizer.Step();
                progress.Add(new StepLosses(loss.detach(), []), batch.shape[0]);
            }

            progress.EndEpoch(validation: null);
        }

        optimizer.ForgetGradients();
    }
}
