using System.CommandLine;

namespace AmbiSSL.Cli.Output;

/// <summary>Files that commands write at their end: no hour of work ends with one that cannot be written.</summary>
internal static class OutputFile
{
    /// <summary>Makes the folder of a file and checks that something can be written there.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="path">The file, as it was given.</param>
    /// <param name="example">A name that such a file might have.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="UsageException">It is no name of a file.</exception>
    /// <exception cref="IOException">Nothing can be written to its folder.</exception>
    public static string Prepare(string option, string path, string example)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UsageException($"{option} is empty; name a file, such as {example}.");
        }

        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
        {
            throw new UsageException($"{option} {path} is a folder; name a file, such as {Path.Combine(path, example)}.");
        }

        var folder = Path.GetDirectoryName(full)!;
        var trial = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(folder);
            using (new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{option} {path} cannot be written to the folder '{folder}'; choose another one, or change its permissions. "
                    + exception.Message.Replace(trial, full, StringComparison.Ordinal),
                exception);
        }

        return full;
    }

    /// <summary>Prepares the files that options name, those that are given.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="files">The options, each with an example.</param>
    public static void PrepareGiven(ParseResult arguments, params (Option<string?> Option, string Example)[] files)
    {
        foreach (var (option, example) in files)
        {
            if (arguments.GetValue(option) is { } path)
            {
                Prepare(option.Name, path, example);
            }
        }
    }
}
