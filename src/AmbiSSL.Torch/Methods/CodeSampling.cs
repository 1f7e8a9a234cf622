namespace AmbiSSL;

/// <summary>How the latent codes of an image's sampled masks are drawn from their distribution.</summary>
public enum CodeSampling
{
    /// <summary>
    /// Spread evenly over the distribution: randomized quasi-Monte Carlo. Each sample alone is distributed as a random one; together they lie
    /// further apart, so that few of them stand better for all that could be drawn.
    /// </summary>
    QuasiRandom,

    /// <summary>Each independent of the others, as in the papers.</summary>
    Independent,
}
