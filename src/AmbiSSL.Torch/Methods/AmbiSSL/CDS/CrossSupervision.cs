namespace AmbiSSL;

/// <summary>How the pruned decoders of AmbiSSL learn from each other on unlabeled images (eqs. 15-20).</summary>
public enum CrossSupervision
{
    /// <summary>
    /// Each decoder predicts with the codes of the prior from which pseudo-labels were drawn; what it learns at each code is where the mean of
    /// all decoders' probabilities at that code is above one half. Not in the paper, where code and target are drawn apart.
    /// </summary>
    SameCode,

    /// <summary>
    /// As eqs. 15 to 20 print it: each decoder predicts with a code of the posterior, which saw the ensemble of pseudo-labels, and learns one of
    /// the other decoder's pseudo-labels, drawn at random; the divergence from the prior counts. Pseudo-labels are made in evaluation mode.
    /// </summary>
    Printed,
}
