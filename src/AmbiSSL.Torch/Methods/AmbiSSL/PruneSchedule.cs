namespace AmbiSSL;

/// <summary>When the decoders phi and xi are made from theta by the pruning transformation (eqs. 7, 8).</summary>
public enum PruneSchedule
{
    /// <summary>Once, after the warm-up; the copies then train freely.</summary>
    Once,

    /// <summary>Once, after the warm-up; the weights that were pruned stay zero.</summary>
    FixedMask,

    /// <summary>Anew at every step, from theta as it is; the gradients of the kept weights go to theta.</summary>
    EveryStep,
}
