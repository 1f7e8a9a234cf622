namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Bytes in a temporary file that nobody finds again, however the process ends: elsewhere than on Windows its name is removed as soon as
/// it is open, and Windows deletes it with its last handle. It is read by position and not mapped, since the pages of a mapping that were
/// touched count as memory of the process, all of them after a pass in random order, and a disk that fails or is full would end the
/// process in place of throwing. The operating system keeps what was read lately in memory that nothing else needs.
/// </summary>
internal sealed class TemporaryFileStore : IByteStore
{
    private readonly string _folder;
    private readonly long _limitBytes;
    private readonly FileStream _file;

    /// <summary>Makes the file.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="limitBytes">The limit that was passed, for errors.</param>
    /// <exception cref="IOException">No file can be made there.</exception>
    public TemporaryFileStore(string folder, long limitBytes)
    {
        _folder = folder;
        _limitBytes = limitBytes;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.RandomAccess | FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            // Images of patients: nobody else opens the file between these two calls.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            var path = Path.Combine(folder, $"ambissl-{Guid.NewGuid():N}.tmp");
            _file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw Failure("cannot be made", e);
        }
    }

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, Length);
        }
        catch (IOException e)
        {
            throw Failure($"holds {Length} bytes and cannot take {bytes.Length} more", e);
        }

        Length += bytes.Length;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                var count = RandomAccess.Read(_file.SafeFileHandle, destination, offset);
                if (count == 0)
                {
                    throw new EndOfStreamException($"It ends before byte {offset}.");
                }

                destination = destination[count..];
                offset += count;
            }
        }
        catch (IOException e)
        {
            throw Failure($"cannot be read at byte {offset}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private IOException Failure(string problem, Exception cause) => new(
        $"The temporary file for decoded images in '{_folder}' {problem}: {cause.Message.TrimEnd('.')}. It is used where the images take more than "
        + $"CacheLimitBytes, now {_limitBytes}: raise that to keep them in memory, make room there, or choose another folder for temporary files "
        + "(MLContext.TempFilePath, or the environment variable TMPDIR, on Windows TMP).",
        cause);
}
