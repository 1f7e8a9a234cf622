namespace AmbiSSL;

/// <summary>By what it is known who drew the masks of a data set.</summary>
public enum ReaderIdentity
{
    /// <summary>By names, where the data has them; otherwise the masks of an image are a set without order.</summary>
    Named,

    /// <summary>By the numbers in the masks' file names: whoever drew a mask of number K is the reader "rK".</summary>
    ByNumber,
}
