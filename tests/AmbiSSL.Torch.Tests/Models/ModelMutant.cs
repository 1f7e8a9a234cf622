using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>Changes a model file and seals it again, so that what is refused is not its checksum.</summary>
internal static partial class ModelMutant
{
    private const string NoSeal = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The header of a file as JSON.</summary>
    public static JsonObject Header(byte[] file) => JsonNode.Parse(HeaderText(file))!.AsObject();

    /// <summary>A file whose header is changed.</summary>
    public static byte[] WithHeader(byte[] file, Action<JsonObject> change)
    {
        var header = Header(file);
        change(header);
        return Seal(header.ToJsonString(), Data(file));
    }

    /// <summary>A file whose header is changed as text.</summary>
    public static byte[] WithHeaderText(byte[] file, Func<string, string> change) => Seal(change(HeaderText(file)), Data(file));

    /// <summary>A file whose options, or another JSON text of the metadata, are changed.</summary>
    public static byte[] WithText(byte[] file, string key, Action<JsonObject> change) => WithHeader(file, header =>
    {
        var metadata = header["__metadata__"]!;
        var text = JsonNode.Parse((string)metadata[key]!)!.AsObject();
        change(text);
        metadata[key] = text.ToJsonString();
    });

    /// <summary>A file whose metadata has another text.</summary>
    public static byte[] WithText(byte[] file, string key, string text) => WithHeader(file, header => header["__metadata__"]![key] = text);

    /// <summary>A file whose data is changed.</summary>
    public static byte[] WithData(byte[] file, Action<byte[]> change)
    {
        var data = Data(file);
        change(data);
        return Seal(HeaderText(file), data);
    }

    private static int HeaderLength(byte[] file) => (int)BinaryPrimitives.ReadInt64LittleEndian(file);

    private static string HeaderText(byte[] file) => Encoding.UTF8.GetString(file, 8, HeaderLength(file));

    private static byte[] Data(byte[] file) => file[(8 + HeaderLength(file))..];

    private static byte[] Seal(string header, byte[] data)
    {
        var unsealed = Join(SealPattern().Replace(header, $"\"sha256\":\"{NoSeal}\""), data);
        return Join(SealPattern().Replace(header, $"\"sha256\":\"{Convert.ToHexString(SHA256.HashData(unsealed))}\""), data);
    }

    private static byte[] Join(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. data];
    }

    [GeneratedRegex("\"sha256\":\"[^\"]*\"")]
    private static partial Regex SealPattern();
}
