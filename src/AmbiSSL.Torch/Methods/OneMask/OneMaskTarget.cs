namespace AmbiSSL;

/// <summary>What a network with one mask for each image learns of several annotations.</summary>
/// <remarks>An image with fewer annotations than others has them repeated in turn, and each repetition counts as one more.</remarks>
public enum OneMaskTarget
{
    /// <summary>One of them, drawn anew at each step: its probability comes to be the share of annotators.</summary>
    Annotation,

    /// <summary>The pixels that at least half of them have; of several classes that exclude each other, what most of them say of a pixel.</summary>
    Majority,
}
