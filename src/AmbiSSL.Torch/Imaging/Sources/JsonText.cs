using System.Text;
using System.Text.Json;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Reads JSON of others, whose text .NET looks at only when it is asked for.</summary>
internal static class JsonText
{
    /// <summary>Reads a file, all of whose text can be asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What error messages call it.</param>
    /// <returns>Its content without a byte-order mark.</returns>
    /// <exception cref="InvalidDataException">It is too large, or a name or a text in it is no UTF-8.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
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

        return content;
    }
}
