namespace AmbiSSL;

/// <summary>The three decoders of AmbiSSL.</summary>
public enum DecoderName
{
    /// <summary>The backbone's own decoder.</summary>
    Theta,

    /// <summary>The first pruned decoder, supervised on weak views.</summary>
    Phi,

    /// <summary>The second pruned decoder, supervised on strong views.</summary>
    Xi,
}
