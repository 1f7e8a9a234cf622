namespace AmbiSSL.Torch.Reports;

/// <summary>A mask as text: the lengths of its runs, background first, seven bits a byte with the lowest first, in base 64.</summary>
internal static class MaskRuns
{
    /// <summary>Encodes a mask.</summary>
    /// <param name="mask">[H, W]; nonzero is foreground.</param>
    public static string Encode(ReadOnlySpan<byte> mask)
    {
        var bytes = new List<byte>();
        var isForeground = false;
        for (var start = 0; start < mask.Length; isForeground = !isForeground)
        {
            var end = start;
            while (end < mask.Length && (mask[end] != 0) == isForeground)
            {
                end++;
            }

            var run = (uint)(end - start);
            for (; run >= 128; run >>= 7)
            {
                bytes.Add((byte)(run | 128));
            }

            bytes.Add((byte)run);
            start = end;
        }

        return Convert.ToBase64String([.. bytes]);
    }
}
