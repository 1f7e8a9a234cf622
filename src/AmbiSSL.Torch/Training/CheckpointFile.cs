using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Models;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>The state of a training run as a safetensors file, with a checksum over its tensors and its texts.</summary>
internal static class CheckpointFile
{
    private const string Format = "ambissl-checkpoint";
    private const string Version = "1";
    private const string ChecksumKey = "sha256";

    /// <summary>Writes the file, under a temporary name first.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        var metadata = new Dictionary<string, string>(texts) { ["format"] = Format, ["version"] = Version };
        metadata[ChecksumKey] = Checksum(tensors, metadata);
        AtomicFile.Write(path, stream => Safetensors.Write(stream, tensors, metadata));
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the tensors belong to the caller's dispose scope, on the CPU.</summary>
    /// <exception cref="InvalidDataException">The file is cut short, damaged, foreign, or of another version.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Texts) Read(string path)
    {
        using var stream = File.OpenRead(path);
        var (tensors, metadata) = Safetensors.Read(stream, path);
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new InvalidDataException($"{path} is a safetensors file, but no checkpoint: its metadata lacks format={Format}.");
        }

        var version = metadata.GetValueOrDefault("version");
        if (version != Version)
        {
            throw new InvalidDataException($"{path} has checkpoint version {version}; this package reads version {Version}.");
        }

        metadata.Remove(ChecksumKey, out var checksum);
        if (checksum != Checksum(tensors, metadata))
        {
            throw new InvalidDataException($"{path} is damaged: its content does not match its checksum.");
        }

        return (tensors, metadata);
    }

    private static string Checksum(IReadOnlyDictionary<string, Tensor> tensors, Dictionary<string, string> texts)
    {
        var all = new SortedDictionary<string, string>(texts, StringComparer.Ordinal) { ["tensors"] = ModelFile.Checksum(tensors) };
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(all))));
    }
}
