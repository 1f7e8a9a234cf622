using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Stochastic segmentation network (Monteiro et al., NeurIPS 2020): three 1x1 convolutions over the features give mean, factors and diagonal of a normal
/// distribution over all logits. One logit a class is the difference of those that the paper has for the class and for background: a normal distribution of the
/// same rank, over the logits of all classes together.
/// </summary>
internal sealed class StochasticSegmentationMethod : SegmentationMethod
{
    // Keeps variances positive; that of the authors' public code.
    private const float LeastVariance = 1e-5f;

    // Values of samples that are computed together without gradient.
    private const long ValuesTogether = 1 << 20;

    private readonly StochasticSegmentationOptions _options;
    private readonly FeatureNetwork _backbone;
    private readonly ImageConvolution _mean;
    private readonly ImageConvolution _logVariance;
    private readonly ImageConvolution _factors;

    public StochasticSegmentationMethod(StochasticSegmentationOptions options, ImageShape shape, MaskClasses classes)
        : base(StochasticSegmentationOptions.Word, classes)
    {
        _options = options;
        _backbone = new FeatureNetwork(options.Backbone, shape.Channels);
        _mean = new ImageConvolution(_backbone.Channels, classes.Count, 1);
        _logVariance = new ImageConvolution(_backbone.Channels, classes.Count, 1);
        _factors = new ImageConvolution(_backbone.Channels, options.Rank * classes.Count, 1);
        Initialization.ApplyToHead(_mean, _mean);
        _backbone.RegisterIn(this);
        register_module("mean", _mean);
        register_module("log_variance", _logVariance);
        register_module("factors", _factors);
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <inheritdoc/>
    public override FeatureEncoder Encoder => _backbone.Encoder;

    /// <inheritdoc/>
    /// <remarks>What steers the low-rank part, and then the key of the noise of the pixels.</remarks>
    public override int NoiseDimensions => _options.Rank + PixelNoise.KeyLength;

    /// <inheritdoc/>
    public override CodeSampling CodeSampling => _options.CodeSampling;

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;

    /// <inheritdoc/>
    /// <remarks>
    /// Samples come in pairs at opposite sides of the mean, as in the authors' public code. Where the paper draws one annotation of an image at each step, all
    /// of them are held against the same samples here: the same in expectation with less noise, and samples, not annotations, take the time.
    /// </remarks>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context)
    {
        long[] shape = [batch.LabeledImages.shape[0], _options.TrainingSamples / 2, NoiseDimensions];
        var noise = context.Random.Draw(generator => randn(shape, generator: generator));
        var distribution = Distribution(batch.LabeledImages);
        var deviations = Deviations(distribution, noise);
        var mean = distribution.Mean.unsqueeze(1);
        var logits = cat([mean.Plus(deviations), mean - deviations], 1);

        var terms = new LossTerms();
        yield return terms.Sum(
            terms.Add("likelihood", MonteCarloLikelihood.Compute(Activation, ByClass(logits), batch.Annotations, batch.Counted, batch.Own)));
    }

    /// <summary>The distribution of the logits of images [B, C, H, W], in the caller's dispose scope.</summary>
    public LowRankNormal Distribution(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (mean, factors, variance) = OfFeatures(_backbone.Features(images));
        return new LowRankNormal(mean.MoveToOuterDisposeScope(), factors.MoveToOuterDisposeScope(), variance.MoveToOuterDisposeScope());
    }

    private LowRankNormal OfFeatures(Tensor features)
    {
        using var scope = NewDisposeScope();
        Tensor Full(ImageConvolution convolution) => convolution.call(features).to(convolution.Weight.dtype);
        return new LowRankNormal(
            Full(_mean).flatten(1, 2).MoveToOuterDisposeScope(),
            Full(_factors).unflatten(1, _options.Rank, -1).flatten(2, 3).MoveToOuterDisposeScope(),
            Full(_logVariance).flatten(1, 2).exp().Plus(LeastVariance).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var distribution = OfFeatures(_backbone.Decode(seen));
        var mean = distribution.Mean.unsqueeze(1);
        var samples = noise.shape[1];
        var probabilities = empty([images.shape[0], samples, Classes.Count, images.shape[2], images.shape[3]], mean.dtype, mean.device);
        var together = Math.Max(1, ValuesTogether / mean.numel());
        for (long first = 0; first < samples; first += together)
        {
            using var part = NewDisposeScope();
            var count = Math.Min(together, samples - first);
            var logits = mean.Plus(Deviations(distribution, noise.narrow(1, first, count)));
            probabilities.narrow(1, first, count).copy_(Activation.AgainstRest(ByClass(logits)).sigmoid_());
        }

        return probabilities.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise)
    {
        var features = _backbone.Export(graph, images);
        OnnxValue ByPixel(OnnxValue maps, int rows = 1) => graph.Reshape(maps, graph.Constant(0, rows, -1));
        var mean = ByPixel(_mean.Export(graph, features));
        var factors = ByPixel(_factors.Export(graph, features), _options.Rank);
        var variance = graph.Add(graph.Apply("Exp", [ByPixel(_logVariance.Export(graph, features))]), graph.Constant(LeastVariance));
        var together = graph.MatrixMultiply(graph.Slice(noise.Samples, axis: 2, start: 0, end: _options.Rank), factors);
        var single = PixelNoise.Export(graph, graph.Slice(noise.Samples, axis: 2, start: _options.Rank), graph.Sizes(mean, 2, 3));
        var deviations = graph.Add(together, graph.Multiply(graph.Apply("Sqrt", [variance]), single));
        var shape = graph.Concatenate(0, graph.Constant(0, 0, Classes.Count), graph.Sizes(features, 2, 4));
        return new OnnxProbabilities(Activation.Export(graph, graph.Reshape(graph.Add(mean, deviations), shape)));
    }

    /// <summary>Logits [B, N, K, H, W] of planes one below the other.</summary>
    private Tensor ByClass(Tensor logits) => logits.unflatten(2, Classes.Count, -1);

    /// <summary>How far the samples [B, N, K * H, W] of noise [B, N, D] are from the mean.</summary>
    private Tensor Deviations(LowRankNormal distribution, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (distribution.Mean.shape[1], distribution.Mean.shape[2]);
        var single = PixelNoise.Of(noise.narrow(2, _options.Rank, PixelNoise.KeyLength), height, width);
        return distribution.Deviations(noise.narrow(2, 0, _options.Rank), single).MoveToOuterDisposeScope();
    }
}
