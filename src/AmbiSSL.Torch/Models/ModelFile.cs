using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Models;

/// <summary>A trained model as one sealed safetensors stream: the weights, and its description in the metadata.</summary>
internal static class ModelFile
{
    /// <summary>Writes a model. The stream stays open and need not seek.</summary>
    public static void Write(Stream stream, SegmentationModel model) => SealedTensors.Write(
        stream,
        model.Method.state_dict(),
        new Dictionary<string, string>(ModelDescription.Of(model).ToTexts()) { [PackageVersion.Key] = PackageVersion.Own });

    /// <summary>
    /// Reads what <see cref="Write"/> wrote, to the end of the stream. All that the file says of itself is checked before memory is taken for its
    /// weights, and these before a network is built. The caller disposes the model; where the file is refused, nothing stays.
    /// </summary>
    /// <exception cref="InvalidDataException">The data is cut short, damaged, foreign, of another version, or larger than memory.</exception>
    public static SegmentationModel Read(Stream stream, string name, Device device)
    {
        var header = SafetensorsHeader.Read(stream, name);
        var description = ModelDescription.Read(header, name);
        var (options, images, annotators) = (description.Options, description.Images, description.Annotators);
        RequireMemory(header, name);
        using var scope = NewDisposeScope();
        var weights = SealedTensors.ReadData(stream, header, name);
        RequireFinite(weights, name);
        var method = GlobalGenerator.Lend(() => options.CreateMethod(images.Shape, annotators, description.Classes));
        try
        {
            StoredWeights.CopyTo(method, weights);
            method.eval();
            return new SegmentationModel(options, images, annotators, description.Readers, method, device)
            {
                TrainedEpochs = description.TrainedEpochs,
                Answers = description.Answers,
                FeatureRange = description.FeatureRange,
            };
        }
        catch
        {
            method.Dispose();
            throw;
        }
    }

    // What is packed may say that it is of any size. Weights are in memory twice while they are copied into the network.
    private static void RequireMemory(SafetensorsHeader header, string name)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (header.DataLength > available / 2)
        {
            throw new InvalidDataException(
                $"{name} holds weights of {header.DataLength} bytes, for which {available} bytes of memory are not enough; load it on a larger machine.");
        }
    }

    private static void RequireFinite(Dictionary<string, Tensor> weights, string name)
    {
        if (StoredWeights.NotFinite(weights) is { } weight)
        {
            throw new InvalidDataException($"{name} holds a model that cannot predict: its weight '{weight}' has values that are not finite.");
        }
    }
}
