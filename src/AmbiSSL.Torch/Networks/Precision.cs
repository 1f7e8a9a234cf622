namespace AmbiSSL;

/// <summary>The numbers that convolutions compute with.</summary>
public enum Precision
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>
    /// 16 bits, of which 8 are exponent: convolutions and what lies between them. Weights, the optimizer's state, statistics of batch
    /// normalization, logits, latent distributions and losses stay in 32 bits.
    /// </summary>
    BFloat16,
}
