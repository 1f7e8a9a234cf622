using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Models;

/// <summary>A trained model as one safetensors stream: the weights, and in the metadata the options, the sizes and a checksum.</summary>
internal static class ModelFile
{
    private const string Format = "ambissl";
    private const string Version = "1";
    private const string TrainedEpochs = "trained_epochs";

    // Pixel types by name.
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Writes a model. The stream stays open and need not seek.</summary>
    public static void Write(Stream stream, SegmentationModel model)
    {
        var weights = model.Method.state_dict();
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["options"] = JsonSerializer.Serialize(model.Options),
            ["images"] = JsonSerializer.Serialize(model.Images, Json),
            ["annotators"] = model.Annotators.ToString(CultureInfo.InvariantCulture),
            [TrainedEpochs] = model.TrainedEpochs.ToString(CultureInfo.InvariantCulture),
            ["sha256"] = Checksum(weights),
        };
        Safetensors.Write(stream, weights, metadata);
    }

    /// <summary>Reads what <see cref="Write"/> wrote. The caller disposes the model.</summary>
    /// <exception cref="InvalidDataException">The data is cut short, damaged, foreign, or of a newer version.</exception>
    public static SegmentationModel Read(Stream stream, string name, Device device)
    {
        var (method, options, images, annotators, trainedEpochs) = ReadMethod(stream, name);
        method.eval();
        return new SegmentationModel(options, images, annotators, method, device) { TrainedEpochs = trainedEpochs };
    }

    /// <summary>SHA-256 of the values of tensors, in the order of their names.</summary>
    public static string Checksum(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            foreach (var name in weights.Keys.Order(StringComparer.Ordinal))
            {
                Safetensors.CopyData(weights[name], stream);
            }
        }

        return Convert.ToHexString(hash.Hash!);
    }

    /// <summary>The networks on the CPU; their tensors are the caller's to dispose.</summary>
    private static (SegmentationMethod Method, SegmentationOptions Options, ImageFormat Images, int Annotators, int TrainedEpochs) ReadMethod(
        Stream stream, string name)
    {
        using var scope = NewDisposeScope();
        var (weights, metadata) = Safetensors.Read(stream, name);
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new InvalidDataException($"{name} is a safetensors file, but no AmbiSSL model: its metadata lacks format={Format}.");
        }

        var version = metadata.GetValueOrDefault("version");
        if (version != Version)
        {
            throw new InvalidDataException(
                $"{name} has model version {version}; this package reads version {Version}. Install the package that wrote it, or train it again.");
        }

        if (metadata.GetValueOrDefault("sha256") != Checksum(weights))
        {
            throw new InvalidDataException($"{name} is damaged: its weights do not match their checksum. Copy or train it again.");
        }

        try
        {
            var options = JsonSerializer.Deserialize<SegmentationOptions>(metadata["options"])!;
            var images = JsonSerializer.Deserialize<ImageFormat>(metadata["images"], Json)!;
            (images.Preprocessing ?? throw new JsonException("its metadata images names no preprocessing.")).Validate();
            var annotators = int.Parse(metadata["annotators"], CultureInfo.InvariantCulture);
            var trainedEpochs = int.Parse(metadata[TrainedEpochs], CultureInfo.InvariantCulture);
            options.Validate();
            var method = options.CreateMethod(images.Shape, annotators);
            StoredWeights.CopyTo(method, weights);
            return (method, options, images, annotators, trainedEpochs);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or ArgumentException or NotSupportedException
            or InvalidDataException)
        {
            throw new InvalidDataException($"{name} holds a model that this package cannot rebuild: {e.Message}", e);
        }
    }
}
