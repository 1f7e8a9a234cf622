namespace AmbiSSL.Torch.Training;

/// <summary>Tells whether images are the ones that a run began with.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Labeled">Number of them with annotations.</param>
/// <param name="Shape">Size of each.</param>
/// <param name="Checksum">SHA-256 of their values and masks, in order.</param>
internal sealed record DataFingerprint(int Count, int Labeled, ImageShape Shape, string Checksum)
{
    public static DataFingerprint Of(ImageCache images) => new(images.Count, images.Labeled.Count(), images.Shape, images.Checksum());

    /// <inheritdoc/>
    public override string ToString() => $"{Count} images of {Shape}, {Labeled} of them labeled";
}
