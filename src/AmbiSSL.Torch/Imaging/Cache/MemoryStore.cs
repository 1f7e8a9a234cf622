namespace AmbiSSL.Torch.Imaging;

/// <summary>Bytes in memory, in blocks of one size, so that growing copies nothing.</summary>
internal sealed class MemoryStore : IByteStore
{
    private const int BlockSize = 1 << 18;

    private readonly List<byte[]> _blocks = [];
    private bool _isDisposed;

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!bytes.IsEmpty)
        {
            var (block, start) = Position(Length);
            if (block == _blocks.Count)
            {
                _blocks.Add(GC.AllocateUninitializedArray<byte>(BlockSize));
            }

            var part = bytes[..Math.Min(bytes.Length, BlockSize - start)];
            part.CopyTo(_blocks[block].AsSpan(start));
            bytes = bytes[part.Length..];
            Length += part.Length;
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!destination.IsEmpty)
        {
            var (block, start) = Position(offset);
            var part = _blocks[block].AsSpan(start, Math.Min(destination.Length, BlockSize - start));
            part.CopyTo(destination);
            destination = destination[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>Writes all bytes to another store.</summary>
    public void CopyTo(IByteStore other)
    {
        for (var offset = 0L; offset < Length; offset += BlockSize)
        {
            var (block, _) = Position(offset);
            other.Append(_blocks[block].AsSpan(0, (int)Math.Min(BlockSize, Length - offset)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _blocks.Clear();
    }

    private static (int Block, int Start) Position(long offset) => ((int)(offset / BlockSize), (int)(offset % BlockSize));
}
