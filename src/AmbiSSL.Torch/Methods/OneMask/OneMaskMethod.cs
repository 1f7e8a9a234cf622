using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The backbone and a 1x1 convolution to one mask; the loss is Dice plus cross-entropy, as nnU-Net's.</summary>
internal sealed class OneMaskMethod : SegmentationMethod
{
    private readonly OneMaskOptions _options;
    private readonly FeatureNetwork _backbone;
    private readonly ImageConvolution _head;

    public OneMaskMethod(OneMaskOptions options, ImageShape shape, MaskClasses classes)
        : base(OneMaskOptions.Word, classes)
    {
        _options = options;
        _backbone = new FeatureNetwork(options.Backbone, shape.Channels);
        _head = new ImageConvolution(_backbone.Channels, classes.Count, 1);
        Initialization.ApplyToHead(_head, _head);
        _backbone.RegisterIn(this);
        register_module("seg", _head);
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <inheritdoc/>
    public override FeatureEncoder Encoder => _backbone.Encoder;

    /// <inheritdoc/>
    public override int NoiseDimensions => 0;

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;

    /// <inheritdoc/>
    /// <remarks>The cross-entropy is that of one sample of <see cref="MonteCarloLikelihood"/>.</remarks>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context)
    {
        var (target, counted) = Target(batch, context.Random);
        var values = Values(_backbone.Features(batch.LabeledImages)).unsqueeze(1);
        var terms = new LossTerms();
        yield return terms.Sum(
            terms.Add("dice", DiceLoss.Compute(Activation.AgainstRest(values), target, counted))
                .Plus(terms.Add("cross_entropy", MonteCarloLikelihood.Compute(Activation, values, target, counted))));
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise)
    {
        using var scope = NewDisposeScope();
        return Activation.AgainstRest(Values(_backbone.Decode(seen))).sigmoid_().unsqueeze(1).repeat(1, noise.shape[1], 1, 1, 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise)
    {
        var mask = Activation.Export(graph, _head.Export(graph, _backbone.Export(graph, images)));
        return new OnnxProbabilities(graph.Pick(graph.Unsqueeze(mask, 1), MaskSets.ExportTurns(graph, annotators: 1, noise.Samples), axis: 1));
    }

    /// <summary>The mask that each image is to have, [B, 1, K, H, W], and which of its pixels count.</summary>
    private (Tensor Mask, Tensor? Counted) Target(TrainingBatch batch, IRandomTensors random)
    {
        var (masks, counted) = (batch.Annotations, batch.Counted);
        if (_options.Target == OneMaskTarget.Annotation)
        {
            var index = MaskSets.Draw(masks, batch.Own, random);
            return (MaskSets.Select(masks, index), counted is null ? null : MaskSets.Select(counted, index));
        }

        if (batch.Own is { } own)
        {
            var voice = own.view(own.shape[0], -1, 1, 1, 1);
            (masks, counted) = (masks * voice, voice * (counted ?? ones_like(masks.narrow(2, 0, 1))));
        }

        var (votes, voters) = (masks.sum([1], keepdim: true), counted?.sum([1], keepdim: true));
        var (sums, summed) = voters is null ? (votes, (int)masks.shape[1]) : (votes / voters.NotBelow(1), 1);
        var majority = Activation.IsExclusive ? Activation.Harden(sums, summed) : sums.IsAtLeast(summed / 2.0);
        return (majority.to(masks.dtype), voters?.IsAbove(0).to(masks.dtype));
    }

    /// <summary>The last layer's values [B, K, H, W].</summary>
    private Tensor Values(Tensor features) => _head.call(features).to(_head.Weight.dtype);
}
