namespace AmbiSSL;

/// <summary>How the pseudo-label sets of two decoders are joined (eqs. 12, 13).</summary>
public enum EnsembleRule
{
    /// <summary>The mean of the two probabilities, above one half: hard masks.</summary>
    MeanProbability,

    /// <summary>The mean of the two probabilities, kept soft.</summary>
    SoftMean,

    /// <summary>The mean of the two logits, above zero: hard masks.</summary>
    MeanLogit,

    /// <summary>A pixel that either decoder holds above one half: hard masks.</summary>
    Union,
}
