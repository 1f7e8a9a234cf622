namespace AmbiSSL.Torch.Inspection;

/// <summary>What is kept of a mask.</summary>
/// <param name="Reader">Whose it is, or "mask 1" and so on.</param>
/// <param name="Area">Foreground, in pixels.</param>
/// <param name="Corners">How many of the four corners are foreground.</param>
/// <param name="Hash">Of its pixels.</param>
/// <param name="Agreement">Mean intersection over union with the image's other masks; NaN where there are none.</param>
/// <param name="EdgeFit">How much more the image changes along the mask's outline than elsewhere, for each of <see cref="SquareSymmetry"/>.</param>
internal sealed record MaskFacts(string Reader, int Area, int Corners, string Hash, double Agreement, double[] EdgeFit);
