namespace AmbiSSL.Torch.Inspection;

/// <summary>What is kept of a class of a mask.</summary>
/// <param name="Area">Its pixels.</param>
/// <param name="Corners">How many of the four corners are of it.</param>
/// <param name="Agreement">Mean intersection over union with the class in the image's other masks; NaN where there are none.</param>
internal readonly record struct ClassFacts(int Area, int Corners, double Agreement);
