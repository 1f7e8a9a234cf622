namespace AmbiSSL.Torch.Imaging;

/// <summary>Planes of masks with eight pixels to a byte, the first one in the lowest bit.</summary>
internal static class PackedBits
{
    /// <summary>Bytes that hold so many pixels.</summary>
    public static int Bytes(int pixels) => (pixels + 7) / 8;

    /// <summary>Whether a pixel is set, 0 or 1.</summary>
    public static byte At(ReadOnlySpan<byte> bits, int pixel) => (byte)((bits[pixel >> 3] >> (pixel & 7)) & 1);

    /// <summary>Packs a plane.</summary>
    /// <param name="plane">The pixels; nonzero is set.</param>
    /// <param name="bits">Receives them.</param>
    public static void Pack(ReadOnlySpan<byte> plane, Span<byte> bits)
    {
        bits.Clear();
        for (var pixel = 0; pixel < plane.Length; pixel++)
        {
            if (plane[pixel] != 0)
            {
                bits[pixel >> 3] |= (byte)(1 << (pixel & 7));
            }
        }
    }

    /// <summary>Unpacks a plane.</summary>
    /// <param name="bits">The packed pixels.</param>
    /// <param name="plane">Receives 0 or 1 for each.</param>
    public static void Unpack(ReadOnlySpan<byte> bits, Span<byte> plane)
    {
        for (var pixel = 0; pixel < plane.Length; pixel++)
        {
            plane[pixel] = At(bits, pixel);
        }
    }
}
