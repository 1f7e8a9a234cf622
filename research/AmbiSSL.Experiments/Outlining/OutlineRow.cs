namespace AmbiSSL.Experiments.Outlining;

/// <summary>What a model was worth that learned from the images that a rule chose.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Seed">Of images, first outlines and weights.</param>
/// <param name="Outlined">Images that were outlined.</param>
/// <param name="Ged">Mean over the test images.</param>
/// <param name="DiceSoft">Mean over the test images.</param>
internal sealed record OutlineRow(OutlineRule Rule, int Seed, int Outlined, double Ged, double DiceSoft);
