using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>The checksum of a safetensors file, computed here once more.</summary>
internal static partial class Seal
{
    private const int PrefixLength = sizeof(long);
    private const int Length = 64;
    private static readonly string None = new('0', Length);

    /// <summary>Makes the length of the header right, where it is JSON still, and then the checksum.</summary>
    public static byte[] Mend(byte[] file)
    {
        if (HeaderLength(file) is not { } length)
        {
            return file;
        }

        byte[] mended = [.. file];
        BinaryPrimitives.WriteInt64LittleEndian(mended, length);
        if (Find(mended, length) is { } place)
        {
            Encoding.ASCII.GetBytes(Compute(mended, place)).CopyTo(mended, place);
        }

        return mended;
    }

    /// <summary>Whether the checksum in a file is that of its content.</summary>
    public static bool IsRight(byte[] file) =>
        HeaderLength(file) is { } length && Find(file, length) is { } place && Encoding.ASCII.GetString(file, place, Length) == Compute(file, place);

    private static string Compute(byte[] file, int place)
    {
        byte[] unsealed = [.. file];
        Encoding.ASCII.GetBytes(None).CopyTo(unsealed, place);
        return Convert.ToHexString(SHA256.HashData(unsealed));
    }

    private static int? Find(byte[] file, int headerLength)
    {
        var match = Pattern().Match(Encoding.Latin1.GetString(file, PrefixLength, headerLength));
        return match.Success ? PrefixLength + match.Groups["seal"].Index : null;
    }

    /// <summary>Bytes up to the end of the JSON and of the spaces after it.</summary>
    private static int? HeaderLength(byte[] file)
    {
        if (file.Length <= PrefixLength)
        {
            return null;
        }

        var reader = new Utf8JsonReader(file.AsSpan(PrefixLength));
        try
        {
            if (!reader.Read() || !reader.TrySkip())
            {
                return null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        var length = (int)reader.BytesConsumed;
        while ((PrefixLength + length) % PrefixLength != 0 && PrefixLength + length < file.Length && file[PrefixLength + length] == ' ')
        {
            length++;
        }

        return length;
    }

    [GeneratedRegex("\"sha256\":\"(?<seal>[^\"]{64})\"")]
    private static partial Regex Pattern();
}
