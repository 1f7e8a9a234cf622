using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AmbiSSL.Cli.Output;

/// <summary>Writes CSV files, and reads those that it wrote.</summary>
internal static class CsvFile
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    /// <summary>Writes a file under a temporary name first; its folder is made where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The names of the columns, and the rows.</param>
    public static void Write(string path, IEnumerable<IEnumerable<string>> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream =>
        {
            using var csv = new CsvWriter(new StreamWriter(stream, leaveOpen: true), Format);
            foreach (var row in rows)
            {
                foreach (var field in row)
                {
                    csv.WriteField(field);
                }

                csv.NextRecord();
            }
        });
    }

    /// <summary>Reads the rows of a file, each by the names of its columns.</summary>
    /// <exception cref="InvalidDataException">The file is no CSV file.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path)
    {
        try
        {
            using var csv = new CsvReader(new StreamReader(path), Format);
            var rows = new List<IReadOnlyDictionary<string, string>>();
            csv.Read();
            csv.ReadHeader();
            while (csv.Read())
            {
                rows.Add(csv.HeaderRecord!.ToDictionary(name => name, name => csv.GetField(name)!, StringComparer.Ordinal));
            }

            return rows;
        }
        catch (Exception exception) when (exception is CsvHelperException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is damaged; delete it, and give the command that wrote it again.", exception);
        }
    }

    /// <summary>A number with all of its digits; nothing where there is none.</summary>
    public static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
