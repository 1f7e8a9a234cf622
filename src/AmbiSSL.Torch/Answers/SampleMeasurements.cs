namespace AmbiSSL;

/// <summary>What the samples of an image measure, and how doubtful they are.</summary>
/// <param name="Sizes">Of each sample's mask of each class, in pixels: N·K, the classes of a sample one after the other.</param>
/// <param name="Uncertainty">Of the whole image.</param>
public sealed record SampleMeasurements(IReadOnlyList<MaskSizes> Sizes, UncertaintyScores Uncertainty);
