using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AmbiSSL.Cli.Data;

/// <summary>Tells whether two images are the same, wherever their files are.</summary>
internal static class PixelDigest
{
    /// <summary>SHA-256 of an image's size, type and values.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="source">The type in which it was stored before it was resized.</param>
    public static string Of(ImagePixels pixels, PixelType source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{pixels.Shape} {pixels.Type} {source}\n"));
        hash.AppendData(pixels.Type switch
        {
            PixelType.UInt8 => pixels.Values<byte>(),
            PixelType.UInt16 => MemoryMarshal.AsBytes(pixels.Values<ushort>()),
            _ => MemoryMarshal.AsBytes(pixels.Values<float>()),
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
