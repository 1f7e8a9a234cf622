using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>The state of a training run as a sealed safetensors file.</summary>
internal static class CheckpointFile
{
    private const string Format = "ambissl-checkpoint";
    private const string Version = "1";

    /// <summary>Writes the file, under a temporary name first.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        var metadata = new Dictionary<string, string>(texts) { ["format"] = Format, ["version"] = Version };
        AtomicFile.Write(path, stream => SealedTensors.Write(stream, tensors, metadata));
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the tensors belong to the caller's dispose scope, on the CPU.</summary>
    /// <exception cref="InvalidDataException">The file is cut short, damaged, foreign, or of another version.</exception>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Texts) Read(string path)
    {
        using var stream = RegularFile.Open(path, "Checkpoint");
        var header = SafetensorsHeader.Read(stream, path);
        var metadata = header.Metadata;
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new InvalidDataException($"{path} is a safetensors file, but no checkpoint: its metadata lacks format={Format}.");
        }

        var version = metadata.GetValueOrDefault("version");
        if (version != Version)
        {
            throw new InvalidDataException($"{path} has checkpoint version {version}; this package reads version {Version}.");
        }

        return (SealedTensors.ReadData(stream, header, path), metadata);
    }
}
