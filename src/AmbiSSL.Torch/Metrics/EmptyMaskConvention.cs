namespace AmbiSSL;

/// <summary>What the intersection over union of two empty masks counts as, where the formula gives 0/0.</summary>
public enum EmptyMaskConvention
{
    /// <summary>1: two experts who both see nothing agree, at distance 0. The default.</summary>
    IouIsOne,

    /// <summary>0: two empty masks are at distance 1, even a mask and itself. Scores as the public code of D-Persona prints them.</summary>
    IouIsZero,
}
