using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>What both sides of a pair start from: weights, a batch, what is random in one step, and what we compute from them.</summary>
internal static class PeerFolder
{
    public const string ModelName = "model.safetensors";
    public const string BatchName = "batch.safetensors";

    /// <summary>Writes it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="options">Of our side.</param>
    /// <param name="side">Rows and columns of the images.</param>
    /// <param name="sampled">Images that masks are drawn for.</param>
    public static void Write(string folder, AmbiSSLOptions options, int side, int sampled)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var model = UntrainedModel.Create(options, side);
        var method = (AmbiSSLMethod)model.Method;
        method.Labels.Prune(generator);
        model.Save(Path.Combine(folder, ModelName));

        // The peer is held to logits and loss in its own precision, whichever the file asks for.
        ImageConvolution.Prepare(method, Precision.Float32);

        var batch = SyntheticBatch.Create(StepBenchmark.HalfBatch, side);
        var (images, weak, strong) = (batch.LabeledImages, batch.WeakImages!, batch.StrongImages!);
        var random = new DeviceRandom(generator, CPU);
        var labeled = new SupervisedLoss(options).Draw(batch, new StepContext(0, 1, random));
        var unlabeled = UnlabeledDraws.Draw(
            method.Latent.OfUnlabeled, weak.shape[0], model.Annotators, options.LatentDimensions, method.Labels.Branches.Count - 1, random);
        var rampUp = RampUp.Gaussian(TrainingStep.Time.Epoch, TrainingStep.Time.Epochs);
        var codes = randn([images.shape[0], 1, options.LatentDimensions], generator: generator);

        using var gradients = no_grad();
        var theta = method.Labels.Theta;
        var logits = theta.Head.call(theta.Decoder.Decode(method.Labels.Encoder.Encode(images)), codes);
        method.train();
        var loss = method.SupervisedPart(method.Labels.Branches, batch, labeled).Total
            + method.UnsupervisedPart(batch, unlabeled, options.UnsupervisedWeight * rampUp).Total;

        using var stream = File.Create(Path.Combine(folder, BatchName));
        Safetensors.Write(
            stream,
            new Dictionary<string, Tensor>
            {
                ["sampled"] = rand([sampled, images.shape[1], side, side], generator: generator),
                ["labeled"] = images,
                ["annotations"] = batch.Annotations.squeeze(2),
                ["weak"] = weak,
                ["strong"] = strong,
                ["posterior"] = labeled.Posterior,
                ["prior"] = labeled.Prior,
                ["annotation"] = labeled.Annotation,
                ["energy"] = labeled.Energy!,
                ["pseudo_labels"] = unlabeled.PseudoLabels,
                ["ramp_up"] = tensor((float)rampUp),
                ["codes"] = codes,
                ["logits"] = logits.squeeze(2),
                ["loss"] = loss,
            },
            new Dictionary<string, string>());
    }
}
