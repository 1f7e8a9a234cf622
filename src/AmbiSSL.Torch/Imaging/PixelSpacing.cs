namespace AmbiSSL;

/// <summary>The distances of an image's pixels, from center to center, in millimeters.</summary>
/// <param name="Row">From a row to the next.</param>
/// <param name="Column">From a column to the next.</param>
public readonly record struct PixelSpacing(double Row, double Column)
{
    /// <summary>The distances after an image of one size was scaled to another.</summary>
    internal PixelSpacing Resize(ImageSize from, ImageSize to) => new(Row * from.Height / to.Height, Column * from.Width / to.Width);
}
