namespace AmbiSSL;

/// <summary>One class over all masks.</summary>
/// <param name="Name">The class.</param>
/// <param name="Masks">Number of masks.</param>
/// <param name="EmptyMasks">Number of those in which nothing is of the class.</param>
/// <param name="MedianArea">Half of the masks that are not empty have less of it, in pixels; NaN where there are none.</param>
/// <param name="Share">Its share of the masks' pixels, 0 to 1.</param>
/// <param name="Agreement">
/// Mean over images of the mean intersection over union of their pairs of masks, where two masks without the class give 1; NaN where no image has two.
/// </param>
public sealed record ClassStatistics(string Name, int Masks, int EmptyMasks, double MedianArea, double Share, double Agreement);
