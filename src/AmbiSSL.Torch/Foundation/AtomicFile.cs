using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Writes files so that a reader sees the old one or the new one, never a part. What a killed process left half written is removed by the next
/// one on the same machine that writes there.
/// </summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same folder, then renames it, as in
    /// <c>AtomicFile.Write("model.zip", stream =&gt; mlContext.Model.Save(model, schema, stream))</c>. Nothing stays where the writer throws.
    /// </summary>
    /// <param name="path">The file, or a link to it; one that is there is replaced. Its folder must be there.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the path is that of a folder or a device.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        if (RegularFile.KindOf(full) is { } kind)
        {
            throw new IOException($"'{full}' is {kind}, in whose place no file can be written; give another name.");
        }

        // A link stays, and what it leads to is written.
        full = new FileInfo(full) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : full;
        var temporary = TemporaryName.Beside(full);
        try
        {
            using (var stream = File.Create(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            if (Unwritten(full, temporary, exception) is { } told)
            {
                throw told;
            }

            throw;
        }
    }

    /// <summary>What is said where the system refused the temporary file, whose name nobody knows; null where something else went wrong.</summary>
    private static Exception? Unwritten(string path, string temporary, Exception exception)
    {
        if (!exception.Message.Contains(temporary, StringComparison.Ordinal))
        {
            return null;
        }

        var reason = exception.Message.Replace($" : '{temporary}'", "", StringComparison.Ordinal).Replace(temporary, path, StringComparison.Ordinal);
        return exception switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(
                $"'{path}' was not written, because nothing can be written to its folder; choose another one, or change its permissions.", exception),
            DirectoryNotFoundException => new DirectoryNotFoundException($"'{path}' was not written, because its folder does not exist; make it.", exception),
            PathTooLongException => new PathTooLongException($"'{path}' was not written, because its name is too long; give a shorter one.", exception),
            IOException => new IOException($"'{path}' was not written: {reason.TrimEnd('.')}. Make room there, or choose another folder.", exception),
            _ => null,
        };
    }
}
