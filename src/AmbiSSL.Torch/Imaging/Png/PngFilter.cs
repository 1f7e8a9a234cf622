namespace AmbiSSL.Torch.Imaging;

/// <summary>The five filters of PNG (ISO 15948, clause 9).</summary>
internal static class PngFilter
{
    /// <summary>Gives a row its values again.</summary>
    /// <param name="filter">The filter that the row names.</param>
    /// <param name="row">The filtered bytes, which become values.</param>
    /// <param name="above">The values of the row above; zeros above the first one.</param>
    /// <param name="bytesPerPixel">Bytes of a pixel.</param>
    /// <exception cref="InvalidDataException">There is no such filter.</exception>
    public static void Undo(int filter, byte[] row, byte[] above, int bytesPerPixel)
    {
        for (var position = 0; position < row.Length; position++)
        {
            var left = position < bytesPerPixel ? (byte)0 : row[position - bytesPerPixel];
            var aboveLeft = position < bytesPerPixel ? (byte)0 : above[position - bytesPerPixel];
            row[position] += filter switch
            {
                0 => 0,
                1 => left,
                2 => above[position],
                3 => (byte)((left + above[position]) / 2),
                4 => Paeth(left, above[position], aboveLeft),
                _ => throw new InvalidDataException($"one of its rows names filter {filter}, which does not exist; it seems to be damaged"),
            };
        }
    }

    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        var estimate = left + above - aboveLeft;
        var toLeft = Math.Abs(estimate - left);
        var toAbove = Math.Abs(estimate - above);
        var toAboveLeft = Math.Abs(estimate - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
        {
            return left;
        }

        return toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
