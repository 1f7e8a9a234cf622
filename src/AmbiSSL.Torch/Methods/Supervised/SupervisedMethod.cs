namespace AmbiSSL.Torch.Methods;

/// <summary>The supervised half of AmbiSSL (eq. 14) with one decoder.</summary>
internal sealed class SupervisedMethod(SupervisedOptions options, ImageShape shape, int annotators, MaskClasses classes)
    : LatentMethod(options, shape, classes, annotators, new SupervisedLoss(options))
{
    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;
}
