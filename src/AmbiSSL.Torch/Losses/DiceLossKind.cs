namespace AmbiSSL;

/// <summary>Forms of Dice loss.</summary>
public enum DiceLossKind
{
    /// <summary>Generalized Dice over the whole batch; one channel becomes foreground and background.</summary>
    Generalized,

    /// <summary>One minus the soft Dice of the foreground of each sample, averaged over the batch.</summary>
    PerSampleForeground,
}
