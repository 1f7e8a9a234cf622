namespace AmbiSSL.Cli.Output;

/// <summary>Writes files so that a reader sees the old one or the new one, never a part.</summary>
internal static class WholeFile
{
    /// <summary>Writes to a temporary name in the same folder, which is made where there is none, then renames. Nothing stays where the writer throws.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
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
