using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>Self-training (section 4.3, Baseline I; Lee 2013): the network learns its own confident pseudo-labels of the weak view.</summary>
internal sealed class SelfTrainingMethod : SemiSupervisedMethod
{
    private readonly SelfTrainingOptions _options;

    public SelfTrainingMethod(SelfTrainingOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, annotators, classes) => _options = options;

    /// <inheritdoc/>
    public override Tensor Unsupervised(TrainingBatch batch, Tensor codes, LossTerms terms)
    {
        var weak = batch.WeakImages!;
        var logits = Network.Logits(weak, codes);
        var labels = ConfidentLabels.From(Activation, logits.detach(), _options.ConfidenceThreshold);
        return terms.Add("unlabeled_dice", Learn(logits, labels.Masks, labels.Confident));
    }
}
