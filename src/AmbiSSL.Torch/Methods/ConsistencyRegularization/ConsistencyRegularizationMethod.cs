using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Consistency regularization (section 4.3, Baseline III; FixMatch, Sohn et al. 2020): the strong view learns the confident hard labels of
/// the weak one.
/// </summary>
internal sealed class ConsistencyRegularizationMethod : SemiSupervisedMethod
{
    private readonly ConsistencyRegularizationOptions _options;

    public ConsistencyRegularizationMethod(ConsistencyRegularizationOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, annotators, classes) => _options = options;

    /// <inheritdoc/>
    public override Tensor Unsupervised(TrainingBatch batch, Tensor codes, LossTerms terms)
    {
        var labels = ConfidentLabels.From(Activation, Teach(batch.WeakImages!, codes), _options.ConfidenceThreshold);
        var counted = batch.InStrongView(labels.Confident, batch.Counted ?? ones_like(labels.Confident));
        return terms.Add("unlabeled_dice", Learn(Network.Logits(batch.StrongImages!, codes), batch.InStrongView(labels.Masks), counted));
    }

    private Tensor Teach(Tensor images, Tensor codes)
    {
        using var gradients = no_grad();
        return Network.Logits(images, codes);
    }
}
