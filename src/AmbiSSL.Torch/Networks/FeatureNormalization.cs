namespace AmbiSSL;

/// <summary>Over what the features of a backbone are normalized, each channel with a scale and a shift that are learned.</summary>
public enum FeatureNormalization
{
    /// <summary>Each channel over the images of a batch in training, by running statistics afterwards (Ioffe and Szegedy, ICML 2015).</summary>
    Batch,

    /// <summary>
    /// Each channel of one image alone (Ulyanov et al. 2016), nnU-Net's choice: training and scoring are one function, and images do not touch each other. The
    /// coarsest features must have more than one pixel.
    /// </summary>
    Instance,
}
