namespace AmbiSSL;

/// <summary>Directions of the Kullback-Leibler divergence.</summary>
public enum KlDirection
{
    /// <summary>KL(posterior ‖ prior), as all public code has it.</summary>
    PosteriorToPrior,

    /// <summary>KL(prior ‖ posterior), as eqs. 4-6 print it.</summary>
    PriorToPosterior,
}
