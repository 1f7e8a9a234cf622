namespace AmbiSSL.Torch.Imaging;

/// <summary>Bytes in memory up to a limit; where they take more, all of them are in a temporary file.</summary>
/// <param name="limitBytes">The limit; at 0 the file is always used.</param>
/// <param name="temporaryFolder">An existing folder for the file.</param>
internal sealed class SpillingStore(long limitBytes, string temporaryFolder) : IByteStore
{
    private IByteStore _store = new MemoryStore();

    /// <summary>Whether the limit was passed.</summary>
    public bool IsInFile => _store is TemporaryFileStore;

    /// <inheritdoc/>
    public long Length => _store.Length;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be made or cannot grow.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_store is MemoryStore memory && memory.Length + bytes.Length > limitBytes)
        {
            MoveToFile(memory);
        }

        _store.Append(bytes);
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> destination) => _store.Read(offset, destination);

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private void MoveToFile(MemoryStore memory)
    {
        var file = new TemporaryFileStore(temporaryFolder, limitBytes);
        try
        {
            memory.CopyTo(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _store = file;
        memory.Dispose();
    }
}
