using System.Text;
using System.Text.Json;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Reads JSON of others, whose text .NET looks at only when it is asked for.</summary>
internal static class JsonText
{
    private const string Missing = "missing required properties including: ";

    /// <summary>Reads a file, all of whose text can be asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What error messages call it.</param>
    /// <returns>Its content without a byte-order mark, which is JSON.</returns>
    /// <exception cref="InvalidDataException">It is too large, no JSON or cut off, or a name or a text in it is no UTF-8.</exception>
    public static ReadOnlyMemory<byte> Read(string path, string what)
    {
        using var stream = RegularFile.Open(path, what);
        if (stream.Length > Array.MaxLength)
        {
            throw new InvalidDataException($"{what} '{path}' has {stream.Length} bytes; at most {Array.MaxLength} are read.");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var content = bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
        var reader = new Utf8JsonReader(content.Span);
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (InvalidOperationException exception)
        {
            var line = 1 + content.Span[..(int)reader.TokenStartIndex].Count((byte)'\n');
            throw new InvalidDataException($"Line {line} of '{path}' has a text that is no UTF-8; save the file as UTF-8.", exception);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{what} '{path}' {Fault(content.Span, exception)}", exception);
        }

        return content;
    }

    /// <summary>Which part of JSON is not what it should be, where it is and why, as the beginning of a sentence.</summary>
    /// <param name="exception">What the serializer says.</param>
    public static string Misfit(JsonException exception)
    {
        var (place, text) = (exception.Path is { Length: > 1 } path ? $"'{path[1..].TrimStart('.')}'" : "it", exception.Message);
        var missing = text.IndexOf(Missing, StringComparison.Ordinal);
        var problem = missing >= 0 ? $"lacks {text[(missing + Missing.Length)..text.LastIndexOf('\'')]}'"
            : text.Contains("System.Int", StringComparison.Ordinal) ? "is no whole number"
            : text.Contains("System.String", StringComparison.Ordinal) ? "is no text"
            : "is of another kind than it should be";
        return FormattableString.Invariant($"in line {exception.LineNumber + 1} {place} {problem}");
    }

    private static string Fault(ReadOnlySpan<byte> content, JsonException exception) =>
        content.Trim(" \t\r\n"u8).IsEmpty ? "is empty; copy or export it again."
        : content.StartsWith(Encoding.Unicode.Preamble) || content.StartsWith(Encoding.BigEndianUnicode.Preamble) ? "is written in UTF-16; save it as UTF-8."
        : EndsEarly(content) ? FormattableString.Invariant($"ends early, in line {1 + content.Count((byte)'\n')}: what was opened there is not closed, ")
            + "as when a copy or an export was cut off; copy or export it again."
        : FormattableString.Invariant($"is no JSON: in line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}, ")
            + $"{exception.Message.Split(" LineNumber:")[0].TrimEnd('.')}. Mend it there, or export it again.";

    /// <summary>Whether all is well up to the end, and more should follow.</summary>
    private static bool EndsEarly(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
