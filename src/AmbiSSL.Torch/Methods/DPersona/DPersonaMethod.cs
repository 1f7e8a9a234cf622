using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// D-Persona (Wu et al., CVPR 2024). Stage 1 learns a latent space of masks as AmbiSSL's labeled half does (eq. 14); in stage 2 a
/// projection head for each annotator learns to find the annotator's own code among codes of the prior, while everything else stays as it
/// is, running statistics included.
/// </summary>
internal sealed class DPersonaMethod : LatentMethod
{
    private readonly DPersonaOptions _options;
    private readonly ProjectionHead[] _projections;

    public DPersonaMethod(DPersonaOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, classes, annotators, new SupervisedLoss(options, alpha: 1, options.Beta, options.BoundSamples))
    {
        _options = options;
        _projections = [.. Enumerable.Range(0, annotators).Select(_ => new ProjectionHead(Network.FeatureChannels, options.LatentDimensions))];
        var group = new ModuleGroup("proj");
        for (var a = 0; a < annotators; a++)
        {
            group.Add($"{a}", _projections[a]);
        }

        register_module("proj", group);
        ImageConvolution.Prepare(group, options.Precision);
    }

    /// <inheritdoc/>
    public override int AnnotatorNoiseVectors => _options.PredictionCodes;

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;

    /// <inheritdoc/>
    public override (int First, int Count) LearningRateSpan(int epoch, int epochs) => IsPersonalizing(epoch)
        ? (_options.DiversificationEpochs, epochs - _options.DiversificationEpochs)
        : (0, _options.DiversificationEpochs);

    /// <summary>After the last epoch alone: stage 2 leaves the samples as they are, so no epoch of it would look better than another.</summary>
    public override bool CanSampleAfter(int epoch) => epoch == _options.Epochs - 1;

    /// <summary>Freezes all but the projection heads in stage 2.</summary>
    public override void BeginEpoch(int epoch, Generator generator)
    {
        var isFrozen = IsPersonalizing(epoch);
        foreach (var parameter in Network.parameters().Concat(Latent.Parameters))
        {
            parameter.requires_grad = !isFrozen;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context) =>
        IsPersonalizing(context.Epoch) ? PersonalizationStep(batch, context) : base.Step(batch, context);

    /// <summary>
    /// Loss of stage 2: each annotator's mask against the annotator's own over the images that the annotator outlined, for noise [B, V, D].
    /// </summary>
    public Tensor Personalization(TrainingBatch batch, Tensor noise)
    {
        var images = batch.LabeledImages;
        var (features, codes) = InEvaluation(() => (Network.Features(images), Latent.PriorCodes(images, noise)));
        var logits = Network.Head.call(features, AnnotatorCodes(features, codes));
        var (masks, counted) = batch.ByAnnotator();
        if (batch.Presence is { } presence)
        {
            var present = presence.unsqueeze(-1).unsqueeze(-1).unsqueeze(-1);
            counted = counted is null ? present : counted * present;
        }

        if (counted is null)
        {
            return DiceLoss.Compute(logits, masks);
        }

        // The Dice of an annotator of no image is 0 and no part of the mean; crops may show none that anybody's mask counts in.
        var loss = DiceLoss.Compute(logits, masks, counted);
        return OneMinus(OneMinus(loss) / counted.amax([0, 2, 3, 4]).mean().NotBelow(1.0 / _projections.Length));
    }

    /// <inheritdoc/>
    public override Tensor AnnotatorProbabilities(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var features = Network.Features(images);
        var codes = AnnotatorCodes(features, Latent.PriorCodes(images, noise));
        return Network.Head.Infer(features, codes).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override OnnxValue? ExportAnnotators(OnnxGraph graph, OnnxValue features, OnnxPrior prior, OnnxValue noise)
    {
        var codes = prior.Codes(noise);
        var own = graph.Concatenate(1, [.. _projections.Select(head => head.Export(graph, features, codes))]);
        return Network.Head.Export(graph, features, own);
    }

    private IEnumerable<LossPart> PersonalizationStep(TrainingBatch batch, StepContext context)
    {
        long[] shape = [batch.LabeledImages.shape[0], _options.TrainingCodes, _options.LatentDimensions];
        var noise = context.Random.Draw(generator => LatentFamily.Normal.Noise(shape, generator));
        var terms = new LossTerms();
        yield return terms.Sum(terms.Add("dice_annotators", Personalization(batch, noise)));
    }

    /// <summary>Each annotator's code [B, A, D] among codes [B, V, D].</summary>
    private Tensor AnnotatorCodes(Tensor features, Tensor codes) =>
        stack([.. _projections.Select(head => head.call(features, codes))], 1);

    private bool IsPersonalizing(int epoch) => epoch >= _options.DiversificationEpochs;
}
