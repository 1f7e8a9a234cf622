namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// How slices lie in a volume whose first axis runs fastest: the lower of the two other axes goes along a slice's rows, the higher down its columns.
/// </summary>
/// <param name="Count">Number of slices.</param>
/// <param name="Size">Height and width of a slice.</param>
/// <param name="Slice">From a value of one slice to that of the next.</param>
/// <param name="Row">From a value of one row to that of the next.</param>
/// <param name="Column">From a value of one column to that of the next.</param>
/// <param name="Spacing">The distances of rows and of columns; null where the file does not say them.</param>
internal sealed record NiftiSlices(int Count, ImageSize Size, int Slice, int Row, int Column, PixelSpacing? Spacing)
{
    /// <summary>The slices of a volume across an axis.</summary>
    /// <param name="header">What the file says of itself.</param>
    /// <param name="axis">0, 1 or 2.</param>
    public static NiftiSlices Of(NiftiHeader header, int axis)
    {
        var size = header.Size;
        int[] steps = [1, size[0], size[0] * size[1]];
        var (across, down) = axis switch { 0 => (1, 2), 1 => (0, 2), _ => (0, 1) };
        PixelSpacing? spacing = header.Distance(down) is { } row && header.Distance(across) is { } column ? new PixelSpacing(row, column) : null;
        return new NiftiSlices(size[axis], new ImageSize(size[down], size[across]), steps[axis], steps[down], steps[across], spacing);
    }

    /// <summary>The place in the volume of a pixel of a slice.</summary>
    public int Place(int slice, int pixel)
    {
        var (y, x) = Math.DivRem(pixel, Size.Width);
        return (slice * Slice) + (y * Row) + (x * Column);
    }
}
