using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Cross pseudo supervision (section 4.3, Baseline II; Chen et al. 2021): two networks that start from different weights and share prior and
/// posterior, so that a code means the same to both; each learns the other's hard labels of the weak view.
/// </summary>
internal sealed class CrossPseudoSupervisionMethod : SemiSupervisedMethod
{
    public CrossPseudoSupervisionMethod(CrossPseudoSupervisionOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, annotators, classes)
    {
        Second = CreateNetwork("second", shape);
        ImageConvolution.Prepare(Second, options.Precision);
    }

    /// <summary>The network that learns beside the one that predicts.</summary>
    public SegmentationNetwork Second { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Suffix, SegmentationNetwork Network)> Networks => [("_first", Network), ("_second", Second)];

    /// <inheritdoc/>
    public override Tensor Unsupervised(TrainingBatch batch, Tensor codes, LossTerms terms)
    {
        var weak = batch.WeakImages!;
        var (first, second) = (Network.Logits(weak, codes), Second.Logits(weak, codes));
        var ofFirst = Activation.HardenLogits(first.detach());
        var ofSecond = Activation.HardenLogits(second.detach());
        return terms.Add("unlabeled_dice_first", Learn(first, ofSecond)).Plus(terms.Add("unlabeled_dice_second", Learn(second, ofFirst)));
    }
}
