namespace AmbiSSL;

/// <summary>What batch normalisation normalises by where a network makes pseudo-labels; without batch normalisation both are the same.</summary>
public enum PseudoLabelStatistics
{
    /// <summary>The running statistics, as at inference.</summary>
    Running,

    /// <summary>
    /// Those of the unlabeled batch, as in the pass that learns the pseudo-labels. The running statistics, by which a trained model predicts, then
    /// see the passes that make pseudo-labels too.
    /// </summary>
    Batch,
}
