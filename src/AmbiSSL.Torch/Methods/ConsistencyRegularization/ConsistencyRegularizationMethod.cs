using AmbiSSL.Torch.Data;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Consistency regularisation (section 4.3, Baseline III; FixMatch, Sohn et al. 2020): the strong view learns the confident hard labels of
/// the weak one.
/// </summary>
internal sealed class ConsistencyRegularizationMethod : SemiSupervisedMethod
{
    private readonly ConsistencyRegularizationOptions _options;

    public ConsistencyRegularizationMethod(ConsistencyRegularizationOptions options, ImageShape shape, int annotators)
        : base(options, shape, annotators) => _options = options;

    /// <inheritdoc/>
    public override Tensor Unsupervised(Tensor weak, Tensor strong, Tensor codes, LossTerms terms)
    {
        var labels = ConfidentLabels.From(Teach(Network, weak, codes), _options.ConfidenceThreshold);
        return terms.Add("unlabeled_dice", Learn(Network.Logits(strong, codes), labels.Masks, labels.Confident));
    }
}
