using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Safetensors with a seal: SHA-256 of every other byte of the file, in the metadata. It shows damage, not forgery: who changes the file on
/// purpose can seal it again.
/// </summary>
internal static class SealedTensors
{
    /// <summary>The name of the seal in the metadata.</summary>
    public const string SealKey = "sha256";

    private const int SealLength = 2 * SHA256.HashSizeInBytes;

    private static readonly string NoSeal = new('0', SealLength);

    /// <summary>Writes tensors and text. The stream stays open and need not seek.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        var header = SafetensorsHeader.Write(tensors, new Dictionary<string, string>(texts) { [SealKey] = NoSeal });
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            hashed.Write(header);
            Safetensors.WriteData(hashed, tensors);
        }

        Encoding.ASCII.GetBytes(Convert.ToHexString(hash.Hash!)).CopyTo(FindSeal(header));
        stream.Write(header);
        Safetensors.WriteData(stream, tensors);
    }

    /// <summary>Reads what follows the header, to the end of the stream; the tensors belong to the caller's dispose scope.</summary>
    /// <param name="stream">Need not seek; it stays open.</param>
    /// <param name="header">The header, which the caller has found good.</param>
    /// <param name="name">What error messages call the source.</param>
    /// <exception cref="InvalidDataException">The data is cut short, or anything in the file was changed.</exception>
    public static Dictionary<string, Tensor> ReadData(Stream stream, SafetensorsHeader header, string name)
    {
        byte[] unsealed = [.. header.Bytes];
        var place = FindSeal(unsealed);
        var seal = Encoding.ASCII.GetString(place);
        Encoding.ASCII.GetBytes(NoSeal).AsSpan(0, place.Length).CopyTo(place);

        using var hash = SHA256.Create();
        Dictionary<string, Tensor> tensors;
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Read, leaveOpen: true))
        {
            hash.TransformBlock(unsealed, 0, unsealed.Length, null, 0);
            tensors = Safetensors.ReadData(hashed, header, name);
            if (hashed.ReadByte() >= 0)
            {
                throw Safetensors.Damaged(name, "it goes on after its last tensor");
            }
        }

        return seal == Convert.ToHexString(hash.Hash!)
            ? tensors
            : throw new InvalidDataException($"{name} is damaged: its content does not match its checksum.");
    }

    /// <summary>The bytes of the seal in a header; none where it has none. In text, quotation marks have other bytes.</summary>
    private static Span<byte> FindSeal(byte[] header)
    {
        var key = Encoding.ASCII.GetBytes($"\"{SealKey}\":\"");
        var place = header.AsSpan().IndexOf(key) + key.Length;
        return place >= key.Length && place + SealLength < header.Length && header[place + SealLength] == '"'
            ? header.AsSpan(place, SealLength)
            : [];
    }
}
