namespace AmbiSSL.Torch.Imaging;

/// <summary>Bytes that are appended once and then read anywhere, by several threads at a time.</summary>
internal interface IByteStore : IDisposable
{
    /// <summary>Number of bytes held.</summary>
    long Length { get; }

    /// <summary>Adds bytes at the end.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Reads as many bytes as the destination takes.</summary>
    void Read(long offset, Span<byte> destination);
}
