namespace AmbiSSL.Torch.Methods;

/// <summary>What predicts with AmbiSSL.</summary>
public enum InferenceDecoder
{
    /// <summary>The backbone's own decoder.</summary>
    Theta,

    /// <summary>The first pruned decoder, as section 3.3 of the paper says.</summary>
    Phi,

    /// <summary>The second pruned decoder.</summary>
    Xi,

    /// <summary>The mean of the three decoders' probabilities for each latent code.</summary>
    Average,
}
