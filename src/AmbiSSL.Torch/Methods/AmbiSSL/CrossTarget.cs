namespace AmbiSSL;

/// <summary>Where the target of the cross-decoder supervision comes from (eqs. 17, 18).</summary>
public enum CrossTarget
{
    /// <summary>The hard pseudo-labels of the other decoder, as eqs. 17 and 18 print it.</summary>
    OwnSet,

    /// <summary>The ensemble set that the other decoder forms with theta (eqs. 12, 13).</summary>
    Ensemble,

    /// <summary>The mean of the probabilities of all three decoders, hardened.</summary>
    AllDecoders,
}
