using System.Security.Cryptography;
using System.Text;

namespace AmbiSSL.Cli.Experiments;

/// <summary>The beginning of a text's SHA-256 hash, stable over processes and machines.</summary>
internal static class ShortHash
{
    /// <summary>So many hexadecimal digits.</summary>
    public static string Of(string text, int length) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length].ToLowerInvariant();
}
