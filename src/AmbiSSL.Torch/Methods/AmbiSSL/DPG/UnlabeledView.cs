namespace AmbiSSL.Torch.Methods;

/// <summary>The view of unlabeled images that a pruned decoder learns on.</summary>
internal enum UnlabeledView
{
    /// <summary>x^u: weakly augmented.</summary>
    Weak,

    /// <summary>The same image with the same geometry, strongly augmented.</summary>
    Strong,
}
