namespace AmbiSSL;

/// <summary>The latent code with which a decoder predicts an unlabeled image in training (eqs. 15, 16).</summary>
public enum UnlabeledCode
{
    /// <summary>
    /// A code of the posterior, which saw the ensemble of pseudo-labels; the target is one of the other decoder's pseudo-labels, drawn at
    /// random, and the divergence from the prior counts (eqs. 15-20 as printed).
    /// </summary>
    Posterior,

    /// <summary>
    /// The codes of the prior from which the pseudo-labels were drawn, so that each prediction has the pseudo-label of the same code for its
    /// target.
    /// </summary>
    Prior,
}
