namespace AmbiSSL;

/// <summary>What a network with one mask for each image learns of several annotations.</summary>
public enum OneMaskTarget
{
    /// <summary>One of them, drawn anew at each step: its probability comes to be the share of annotators.</summary>
    Annotation,

    /// <summary>The pixels that at least half of them have; of several classes that exclude each other, what most of them say of a pixel.</summary>
    Majority,
}
