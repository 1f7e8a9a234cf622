using System.Collections.ObjectModel;
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

    private static readonly string[] Known = [Id, Subject, Annotators, Fold, Readers];

    private const int MostRows = 1_000_000;

    // That many rows, and far more than a row may need.
    private const int MostBytes = 32 << 20;
    private const int MostLetters = 100_000;
    private const int MostNamed = 20;

    // By their byte-order marks, the longer first; UTF-8 is what a file without one has.
    private static readonly Encoding[] Encodings =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
    ];

    private static readonly CsvConfiguration Reading = new(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, MaxFieldSize = MostLetters };

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InvalidDataException">A column is missing, or a row is malformed.</exception>
    public static IReadOnlyList<IndexRow> Read(string path)
    {
        using var text = new StringReader(ReadText(path));
        using var reader = new CsvReader(text, Reading);
        try
        {
            var columns = ReadHeader(path, reader);
            var rows = new List<IndexRow>();
            while (reader.Read())
            {
                if (rows.Count == MostRows)
                {
                    throw new InvalidDataException($"'{path}' names more than {MostRows} images; divide the data set.");
                }

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
            if (stream.Length > MostBytes)
            {
                throw new InvalidDataException($"'{path}' has {stream.Length} bytes; an index of at most {MostBytes} is read, so divide the data set.");
            }

            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }

        var encoding = Array.Find(Encodings, encoding => bytes.AsSpan().StartsWith(encoding.Preamble)) ?? Encodings[^1];
        var content = bytes.AsSpan().StartsWith(encoding.Preamble) ? bytes.AsSpan(encoding.Preamble.Length) : bytes;
        try
        {
            var text = encoding.GetString(content);

            RequireRows(path, text);

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

    /// <summary>Checks that no row is absurdly long; one goes on over the end of a line while a quotation mark is open.</summary>
    private static void RequireRows(string path, ReadOnlySpan<char> text)
    {
        var (line, firstOfRow, letters, isOpen) = (1, 1, 0, false);
        while (text.Length > 0)
        {
            var end = text.IndexOfAny('\r', '\n');
            var part = end < 0 ? text : text[..end];
            letters += part.Length;
            if (letters > MostLetters)
            {
                throw new InvalidDataException(
                    $"The row that begins in line {firstOfRow} of '{path}' has more than {MostLetters} letters; check its quotation marks and line ends.");
            }

            isOpen ^= part.Count('"') % 2 != 0;
            line += end >= 0 && text[end] == '\n' ? 1 : 0;
            text = end < 0 ? [] : text[(end + 1)..];
            (firstOfRow, letters) = isOpen ? (firstOfRow, letters + 1) : (line, 0);
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

    /// <summary>The places of the columns by their names.</summary>
    private static Dictionary<string, int> ReadHeader(string path, CsvReader reader)
    {
        var columns = reader.Read() && reader.ReadHeader() ? reader.HeaderRecord! : [];
        foreach (var column in new[] { Id, Subject, Annotators })
        {
            if (!columns.Contains(column, StringComparer.Ordinal))
            {
                if (columns is [var all] && all.IndexOfAny([';', '\t']) is >= 0 and var place)
                {
                    throw new InvalidDataException(
                        $"The first line of '{path}' has {(all[place] == ';' ? "semicolons" : "tabs")} between its columns; "
                        + "save the file with commas, as in id,subject,annotators.");
                }

                throw new InvalidDataException(
                    $"'{path}' has no column '{column}'. Its first line must name at least id,subject,annotators"
                    + (columns.Length == 0
                        ? "; it is empty."
                        : $"; it names {string.Join(',', columns.Take(MostNamed))}{(columns.Length > MostNamed ? " and more" : "")}."));
            }
        }

        if (columns.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"The first line of '{path}' names the column '{twice.Key}' twice; rename or remove one.");
        }

        if (Array.Find(columns, column => !Known.Contains(column) && Known.Contains(column, StringComparer.OrdinalIgnoreCase)) is { } capitals)
        {
            throw new InvalidDataException(
                $"The first line of '{path}' names the column '{capitals}'; write it '{capitals.ToLowerInvariant()}', by which it is known.");
        }

        return Enumerable.Range(0, columns.Length).ToDictionary(place => columns[place], StringComparer.Ordinal);
    }

    private static IndexRow ReadRow(string path, CsvReader reader, Dictionary<string, int> columns)
    {
        var line = reader.Parser.RawRow;
        if (reader.Parser.Count != columns.Count)
        {
            throw new InvalidDataException(
                $"Line {line} of '{path}' has {reader.Parser.Count} values; its first line names {columns.Count} columns."
                + (reader.Parser.RawRecord.Contains('"', StringComparison.Ordinal) ? " A quotation mark may be open since a line before." : ""));
        }

        foreach (var column in new[] { Id, Subject })
        {
            if (Value(column).Length == 0)
            {
                throw new InvalidDataException($"Line {line} of '{path}' has an empty {column}; give every image one.");
            }
        }

        return new IndexRow
        {
            Line = line,
            Id = Value(Id),
            Subject = Value(Subject),
            Annotators = ReadNumber(path, line, Annotators, Value(Annotators)),
            Fold = ReadNumber(path, line, Fold, Value(Fold)),
            Readers = Value(Readers) is { Length: > 0 } names ? names.Split(BetweenReaders, StringSplitOptions.TrimEntries) : [],
            Columns = columns.Keys.All(Known.Contains)
                ? ReadOnlyDictionary<string, string>.Empty
                : columns.Keys.Where(column => !Known.Contains(column)).ToDictionary(column => column, Value, StringComparer.Ordinal),
        };

        string Value(string column) => columns.TryGetValue(column, out var place) ? reader.Parser[place] : string.Empty;
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
