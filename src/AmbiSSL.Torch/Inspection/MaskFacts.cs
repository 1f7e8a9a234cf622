namespace AmbiSSL.Torch.Inspection;

/// <summary>What is kept of a mask.</summary>
/// <param name="Reader">Whose it is, or "mask 1" and so on.</param>
/// <param name="Area">What is of any class, in pixels.</param>
/// <param name="Classes">Each class.</param>
/// <param name="Hash">Of its pixels.</param>
/// <param name="Agreement">Mean over classes of the mean intersection over union with the image's other masks; NaN where there are none.</param>
/// <param name="EdgeFit">How much more the image changes along the mask's outline than elsewhere, for each of <see cref="SquareSymmetry"/>.</param>
internal sealed record MaskFacts(string Reader, int Area, IReadOnlyList<ClassFacts> Classes, string Hash, double Agreement, double[] EdgeFit);
