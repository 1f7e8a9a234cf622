using AmbiSSL.Torch.Answers;

namespace AmbiSSL;

/// <summary>How large the foreground of a mask is.</summary>
/// <param name="Area">Foreground pixels, or square millimeters where the spacing of pixels is given.</param>
/// <param name="LongestDiameter">
/// The largest distance between two points of the foreground, in sides of a pixel or in millimeters: the maximum Feret diameter of pixels that are
/// squares, from outer corner to outer corner, so that one pixel has √2. Components of a mask are measured together. 0 where there is no foreground.
/// </param>
public readonly record struct MaskSizes(double Area, double LongestDiameter)
{
    /// <summary>Measures a mask.</summary>
    /// <param name="mask">H·W values in [H, W] order; nonzero is foreground.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="spacing">Distances of rows and of columns in millimeters; null to measure in pixels.</param>
    /// <exception cref="ArgumentException">There are not H·W values.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A distance is not above 0.</exception>
    public static MaskSizes Of(ReadOnlySpan<byte> mask, ImageSize size, PixelSpacing? spacing = null)
    {
        size.RequireValues(mask.Length, "The mask", nameof(mask));
        return MaskMeter.Of(mask, size).Sizes(spacing);
    }
}
