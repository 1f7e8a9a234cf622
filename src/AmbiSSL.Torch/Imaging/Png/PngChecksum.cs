namespace AmbiSSL.Torch.Imaging;

/// <summary>The CRC-32 that closes each chunk of a PNG (ISO 15948, annex D).</summary>
internal static class PngChecksum
{
    private static readonly uint[] Table = MakeTable();

    public static uint Compute(ReadOnlySpan<byte> typeAndData)
    {
        var checksum = uint.MaxValue;
        foreach (var value in typeAndData)
        {
            checksum = Table[(checksum ^ value) & 0xFF] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var entry = 0u; entry < 256; entry++)
        {
            var remainder = entry;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? 0xEDB88320u ^ (remainder >> 1) : remainder >> 1;
            }

            table[entry] = remainder;
        }

        return table;
    }
}
