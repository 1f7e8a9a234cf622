using System.Security.Cryptography;

namespace AmbiSSL.Cli.Data;

/// <summary>Tells whether two files are the same, whatever their size.</summary>
internal static class FileDigest
{
    /// <summary>SHA-256 of a file's bytes.</summary>
    public static byte[] Of(string path)
    {
        using var stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }
}
