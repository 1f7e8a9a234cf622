using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>Where the time of a training step goes: each part forward and backward alone, as often as a step has it.</summary>
internal static class StepParts
{
    private const int Repetitions = 3;

    public static void Measure(string name, SegmentationModel model, TrainingBatch batch, TrainingStep step, double stepSeconds)
    {
        var rest = stepSeconds;
        foreach (var (part, action) in Parts(model, batch, step))
        {
            action();
            var seconds = Statistics.MedianSeconds(Enumerable.Range(0, Repetitions).Select(_ => Elapsed.Of(action)));
            rest -= seconds;
            Console.WriteLine($"{name}:   {seconds / stepSeconds,6:P1}  {part}");
        }

        Console.WriteLine($"{name}:   {rest / stepSeconds,6:P1}  rest: losses, masks, and what the parts cost more or less together than alone");
        using var images = SyntheticBatch.Images(StepBenchmark.HalfBatch, StepBenchmark.Side);
        var loader = SyntheticBatch.Loader(images);
        int[] labeled = [.. Enumerable.Range(0, StepBenchmark.HalfBatch)];
        using var generator = new Generator(1);
        var data = Statistics.MedianSeconds(Enumerable.Range(0, Repetitions).Select(_ => Elapsed.Of(() =>
        {
            using var scope = NewDisposeScope();
            loader.Load(labeled, [.. labeled.Select(i => i + labeled.Length)], generator);
        })));
        Console.WriteLine($"{name}:  +{data / stepSeconds,6:P1}  beside the step, on a thread of its own: batch and augmentation");
    }

    private static IEnumerable<(string Part, Action Run)> Parts(SegmentationModel model, TrainingBatch batch, TrainingStep step)
    {
        var method = (AmbiSSLMethod)model.Method;
        var (encoder, decoder, head) = (method.Labels.Encoder, method.Labels.Theta.Decoder, method.Labels.Theta.Head);
        var (labeled, masks, weak, strong) = (batch.LabeledImages, batch.Annotations, batch.WeakImages!, batch.StrongImages!);
        var options = (AmbiSSLOptions)model.Options;
        var size = labeled.shape[0];
        var branches = method.Labels.Branches;
        method.train();
        var pyramid = encoder.Encode(labeled).Detach();
        var features = decoder.Decode(pyramid).detach();
        Array.ForEach(pyramid.Levels, level => level.requires_grad_());
        features.requires_grad_();
        var codes = randn(size, 1 + options.EnergySamples, options.LatentDimensions).requires_grad_();
        var priorCodes = randn(size, options.BoundSamples, options.LatentDimensions).requires_grad_();
        var pseudoLabelCodes = randn(size, UntrainedModel.Annotators, options.LatentDimensions);
        Tensor[] Encode(Tensor images) => encoder.Encode(images).Levels;
        Tensor[] Latent(LatentDistribution distribution) => [distribution.Location, distribution.LogScale];
        Tensor[] WithBounds()
        {
            var (logits, bounds) = head.WithBounds(features, codes, priorCodes);
            return [logits, bounds];
        }

        yield return ("encoder, three views", () =>
        {
            Train(() => Encode(labeled), encoder.parameters());
            Train(() => Encode(weak), encoder.parameters());
            Train(() => Encode(strong), encoder.parameters());
        });
        yield return ("decoders, three labeled and two unlabeled", Times(
            5, () => Train(() => [decoder.Decode(pyramid)], [.. decoder.parameters(), .. pyramid.Levels])));
        yield return ("heads, three with bounds", Times(3, () => Train(WithBounds, [.. head.parameters(), features, codes, priorCodes])));
        yield return ("heads, two of the pseudo-labels' codes", Times(
            2, () => Train(() => [head.call(features, pseudoLabelCodes)], [.. head.parameters(), features])));
        yield return ("pseudo-labels: prior, two decoders, three heads without gradient", () =>
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            method.Latent.UnlabeledPriors(weak);
            method.Labels.PseudoLabels(pyramid, pseudoLabelCodes, new Dictionary<DecoderBranch, Tensor> { [method.Labels.Phi] = features });
        });
        yield return ("prior encoder", () => Train(() => Latent(method.Latent.UnlabeledPriors(labeled)[0]), Parameters(method, "prior")));
        yield return ("posterior encoder", () => Train(() => Latent(method.Latent.UnlabeledPosteriors((labeled, masks))[0]), Parameters(method, "posterior")));
        yield return ("norm regularization", () => Train(
            () => [method.Latent.Regularization(branches.Select(branch => branch.Head))],
            [.. Parameters(method, "prior"), .. Parameters(method, "posterior"), .. branches.SelectMany(branch => branch.Head.HiddenParameters)]));
        yield return ("optimizer", step.Update);
    }

    private static IEnumerable<Tensor> Parameters(nn.Module method, string name) =>
        method.named_children().Single(child => child.name == name).module.parameters();

    private static Action Times(int count, Action action) => () =>
    {
        for (var i = 0; i < count; i++)
        {
            action();
        }
    };

    /// <summary>Forward, and backward to the named tensors.</summary>
    private static void Train(Func<Tensor[]> forward, IEnumerable<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        var outputs = forward();
        autograd.grad(outputs, [.. inputs], Array.ConvertAll(outputs, output => ones_like(output)), allow_unused: true);
    }
}
