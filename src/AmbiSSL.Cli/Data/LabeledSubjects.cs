using System.Globalization;

namespace AmbiSSL.Cli.Data;

/// <summary>Chooses the training subjects whose annotations are used.</summary>
internal static class LabeledSubjects
{
    /// <summary>Reads <c>--labeled</c>: a share above 0 up to 1, or a file with one subject a line.</summary>
    /// <exception cref="UsageException">The text is neither a share nor a file.</exception>
    /// <exception cref="InvalidDataException">The file names a subject that is not there to train on, or none.</exception>
    public static IReadOnlySet<string> Choose(string shareOrFile, DataSplit split, int seed)
    {
        if (File.Exists(shareOrFile))
        {
            return Read(shareOrFile, split);
        }

        return double.TryParse(shareOrFile, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1
            ? SubjectSplit.KeepLabeled(split.Train, share, seed)
            : throw new UsageException(
                $"--labeled {shareOrFile}: give a share above 0 up to 1, such as 0.1, or a file that exists, with one subject a line.");
    }

    private static HashSet<string> Read(string path, DataSplit split)
    {
        var subjects = new HashSet<string>(StringComparer.Ordinal);
        var lines = File.ReadAllLines(path);
        for (var number = 1; number <= lines.Length; number++)
        {
            var subject = lines[number - 1].Trim();
            if (subject.Length > 0)
            {
                Require(path, number, subject, split);
                subjects.Add(subject);
            }
        }

        return subjects.Count > 0 ? subjects : throw new InvalidDataException($"'{path}' names no subject; write one a line.");
    }

    private static void Require(string path, int line, string subject, DataSplit split)
    {
        if (split.Test.Contains(subject))
        {
            throw new InvalidDataException(
                $"Line {line} of '{path}' names the subject '{subject}', who is in the fold that is held out; hold out another, or remove the line.");
        }

        if (!split.Train.Contains(subject))
        {
            throw new InvalidDataException(
                $"Line {line} of '{path}' names the subject '{subject}', whom the data set does not have; correct or remove the line.");
        }
    }
}
