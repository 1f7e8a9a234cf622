namespace AmbiSSL;

/// <summary>The masks of one reader.</summary>
/// <param name="Name">The reader, or "mask 1" and so on where the masks of an image are a set whose readers are not known.</param>
/// <param name="Masks">Number of masks.</param>
/// <param name="EmptyMasks">Number of those in which nothing is foreground.</param>
/// <param name="MedianArea">Half of the masks that are not empty have less foreground, in pixels; NaN where there are none.</param>
/// <param name="SmallestArea">The least foreground of those, in pixels; 0 where there are none.</param>
/// <param name="LargestArea">The most foreground, in pixels; 0 where there are none.</param>
/// <param name="Agreement">
/// Mean intersection over union with the masks of the same image by others, where two empty masks give 1; NaN where there are none.
/// </param>
public sealed record ReaderStatistics(
    string Name, int Masks, int EmptyMasks, double MedianArea, int SmallestArea, int LargestArea, double Agreement);
