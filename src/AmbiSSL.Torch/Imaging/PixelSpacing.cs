namespace AmbiSSL;

/// <summary>The distances of an image's pixels, from center to center, in millimeters.</summary>
/// <param name="Row">From a row to the next.</param>
/// <param name="Column">From a column to the next.</param>
public readonly record struct PixelSpacing(double Row, double Column);
