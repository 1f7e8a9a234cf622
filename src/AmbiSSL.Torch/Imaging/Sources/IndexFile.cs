using System.Globalization;
using System.Text;
using AmbiSSL.Torch.Foundation;
using CsvHelper;
using CsvHelper.Configuration;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Reads <c>index.csv</c> row by row and says the line of what is wrong; and writes it.</summary>
internal static class IndexFile
{
    private const string Id = "id";
    private const string Subject = "subject";
    private const string Annotators = "annotators";
    private const string Fold = "fold";
    private const string Readers = "readers";
    private const char BetweenReaders = ';';

    // By their byte-order marks, the longer first; UTF-8 is what a file without one has.
    private static readonly Encoding[] Encodings =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
    ];

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InvalidDataException">A column is missing, or a row is malformed.</exception>
    public static IReadOnlyList<IndexRow> Read(string path)
    {
        using var text = new StringReader(ReadText(path));
        using var reader = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim });
        try
        {
            var columns = ReadHeader(path, reader);
            var rows = new List<IndexRow>();
            while (reader.Read())
            {
                rows.Add(ReadRow(path, reader, columns));
            }

            return rows;
        }
        catch (CsvHelperException exception)
        {
            throw new InvalidDataException(
                $"Line {reader.Parser.RawRow} of '{path}' is no valid CSV: check its commas and quotation marks.", exception);
        }
    }

    /// <summary>Writes a row for each record: id, subject, annotators, fold and readers where a record has them, and the further columns.</summary>
    /// <exception cref="ArgumentException">The name of a reader holds what stands between names.</exception>
    public static void Write(string path, IReadOnlyList<ImageRecord> records)
    {
        using var text = new StreamWriter(path);
        using var writer = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        var hasFolds = records.Any(record => record.Fold is not null);
        var further = records.SelectMany(record => record.Columns.Keys).Distinct(StringComparer.Ordinal).ToList();
        var hasReaders = records.Any(record => record.Readers.Count > 0);
        WriteRow(
            writer,
            [Id, Subject, Annotators, .. hasFolds ? [Fold] : Array.Empty<string>(), .. hasReaders ? [Readers] : Array.Empty<string>(), .. further]);
        foreach (var record in records)
        {
            WriteRow(
                writer,
                [
                    record.Id,
                    record.Subject,
                    record.Annotators.Count.ToString(CultureInfo.InvariantCulture),
                    .. hasFolds ? [record.Fold?.ToString(CultureInfo.InvariantCulture) ?? string.Empty] : Array.Empty<string>(),
                    .. hasReaders ? [JoinReaders(record)] : Array.Empty<string>(),
                    .. further.Select(column => record.Columns.GetValueOrDefault(column, string.Empty)),
                ]);
        }
    }

    private static string JoinReaders(ImageRecord record) =>
        record.Readers.FirstOrDefault(name => name.Contains(BetweenReaders) || name != name.Trim()) is { } name
            ? throw new ArgumentException(
                $"The reader '{name}' of image '{record.Id}' cannot be written: a name must hold no {BetweenReaders} and neither begin nor end with a space.")
            : string.Join(BetweenReaders, record.Readers);

    // UTF-8, or what a byte-order mark says.
    private static string ReadText(string path)
    {
        byte[] bytes;
        using (var stream = RegularFile.Open(path, "Index file"))
        {
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }

        var encoding = Array.Find(Encodings, encoding => bytes.AsSpan().StartsWith(encoding.Preamble)) ?? Encodings[^1];
        var content = bytes.AsSpan().StartsWith(encoding.Preamble) ? bytes.AsSpan(encoding.Preamble.Length) : bytes;
        try
        {
            var text = encoding.GetString(content);

            // UTF-16 without a mark has a zero beside its first letter.
            return text.AsSpan(0, Math.Min(2, text.Length)).Contains('\0') ? throw NoText(path, 0) : text;
        }
        catch (DecoderFallbackException exception)
        {
            // What comes before the first byte that cannot be read is text.
            var position = Math.Max(0, Math.Min(exception.Index, content.Length));
            throw NoText(path, content[..position].Count((byte)'\n'), exception);
        }
    }

    private static InvalidDataException NoText(string path, int lines, Exception? inner = null) => new(
        $"Line {lines + 1} of '{path}' is no UTF-8: a letter in it is written in another encoding. Save the file as UTF-8, or with a byte-order mark.", inner);

    private static void WriteRow(CsvWriter writer, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            writer.WriteField(value);
        }

        writer.NextRecord();
    }

    private static string[] ReadHeader(string path, CsvReader reader)
    {
        var columns = reader.Read() && reader.ReadHeader() ? reader.HeaderRecord! : [];
        foreach (var column in new[] { Id, Subject, Annotators })
        {
            if (!columns.Contains(column, StringComparer.Ordinal))
            {
                throw new InvalidDataException(
                    $"'{path}' has no column '{column}'. Its first line must name at least id,subject,annotators"
                    + (columns.Length == 0 ? "; it is empty." : $"; it names {string.Join(',', columns)}."));
            }
        }

        return columns;
    }

    private static IndexRow ReadRow(string path, CsvReader reader, string[] columns)
    {
        var line = reader.Parser.RawRow;
        if (reader.Parser.Count != columns.Length)
        {
            throw new InvalidDataException(
                $"Line {line} of '{path}' has {reader.Parser.Count} values; its first line names {columns.Length} columns.");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var column = 0; column < columns.Length; column++)
        {
            values.TryAdd(columns[column], reader.Parser[column]);
        }

        foreach (var column in new[] { Id, Subject })
        {
            if (values[column].Length == 0)
            {
                throw new InvalidDataException($"Line {line} of '{path}' has an empty {column}; give every image one.");
            }
        }

        return new IndexRow
        {
            Line = line,
            Id = values[Id],
            Subject = values[Subject],
            Annotators = ReadNumber(path, line, Annotators, values[Annotators]),
            Fold = ReadNumber(path, line, Fold, values.GetValueOrDefault(Fold, string.Empty)),
            Readers = values.GetValueOrDefault(Readers, string.Empty) is { Length: > 0 } names
                ? names.Split(BetweenReaders, StringSplitOptions.TrimEntries)
                : [],
            Columns = values.Where(value => value.Key is not (Id or Subject or Annotators or Fold or Readers))
                .ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal),
        };
    }

    private static int? ReadNumber(string path, int line, string column, string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException(
                $"Line {line} of '{path}' has {column} '{value}'; it must be a whole number, 0 or more, or empty.");
    }
}
