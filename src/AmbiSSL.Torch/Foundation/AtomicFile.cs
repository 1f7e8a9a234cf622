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
    /// <param name="path">The file; one that is there is replaced. Its folder must be there.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The folder is missing, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
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
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
