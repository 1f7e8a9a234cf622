namespace AmbiSSL.Torch.Synthetic;

/// <summary>The independent uses of random numbers in a synthetic data set.</summary>
internal enum SyntheticStream
{
    /// <summary>What the images of a subject share.</summary>
    Subject,

    /// <summary>Place and contour of a lesion.</summary>
    Lesion,

    /// <summary>Everything around the lesion.</summary>
    Background,

    /// <summary>The masks that a data set holds.</summary>
    Annotation,

    /// <summary>Further masks from the same distribution.</summary>
    Draw,

    /// <summary>Where the lesions of a slide lie.</summary>
    Place,

    /// <summary>Which annotator draws a lesion of a slide in which mask.</summary>
    Panel,

    /// <summary>Place and contour of the striped lesion, beside the solid one or below it.</summary>
    StripedLesion,
}
