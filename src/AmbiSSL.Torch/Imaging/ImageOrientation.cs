namespace AmbiSSL;

/// <summary>What is done with pictures whose EXIF orientation says that they are stored mirrored, sideways or upside down.</summary>
public enum ImageOrientation
{
    /// <summary>
    /// The sizes of its masks say whether they belong to the upright picture or to the stored one; where both have that size, the picture is
    /// refused. A picture without masks is turned upright.
    /// </summary>
    ByMasks,

    /// <summary>Pictures are turned upright, as viewers show them, masks with an orientation of their own too.</summary>
    Upright,

    /// <summary>Pictures are taken as they are stored.</summary>
    Stored,
}
