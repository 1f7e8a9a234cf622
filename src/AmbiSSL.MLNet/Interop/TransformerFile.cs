using AmbiSSL;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(AmbiguousSegmentationTransformer), typeof(TransformerFile), null, typeof(SignatureLoadModel), "Ambiguous segmentation", TransformerFile.Signature)]

namespace AmbiSSL.MLNet.Interop;

/// <summary>How <see cref="AmbiguousSegmentationTransformer"/> goes into a model file and comes out of it.</summary>
internal static class TransformerFile
{
    /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
    public const string Signature = "AmbiguousSegmentation";

    /// <summary>The entry of the trained model.</summary>
    public const string WeightsEntry = "Model.safetensors";

    /// <summary>
    /// Writes a transformer into a model file: columns and settings in the main stream, the trained model as an entry of its own.
    /// </summary>
    public static void Save(ModelSaveContext context, AmbiguousSegmentationTransformer transformer)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        StoredSettings.Save(
            context, new ScoringSettings(transformer.Columns, transformer.Samples, transformer.BatchSize), StoredSettings.Default.ScoringSettings);
        context.SaveBinaryStream(WeightsEntry, writer => transformer.Model.Save(writer.BaseStream));
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static AmbiguousSegmentationTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var (columns, samples, batchSize) = StoredSettings.Load(environment, context, StoredSettings.Default.ScoringSettings);
        var load = ModelArchive.LoadOf(context);
        var name = ModelArchive.NameOf(context);
        if (samples < 1 || batchSize < 1)
        {
            throw environment.Process(new InvalidDataException($"{name} asks for {samples} samples in batches of {batchSize}; save the model again."));
        }

        var model = ReadModel(environment, context, name, load?.Device ?? default);
        var transformer = new AmbiguousSegmentationTransformer(environment, model, columns, samples, batchSize);
        load?.Models.Add(transformer);
        return transformer;
    }

    /// <summary>
    /// Reads the weights straight from the archive. ML.NET would unpack the whole entry first, however much it says it is; here nothing is
    /// unpacked beyond what the entry's own header, once found good, asks for.
    /// </summary>
    private static SegmentationModel ReadModel(IHostEnvironment environment, ModelLoadContext context, string name, ComputeDevice device)
    {
        var path = Path.Combine(context.Directory ?? "", WeightsEntry).Replace('\\', '/');
        var entry = ModelArchive.Entries(context.Repository).FirstOrDefault(entry => entry.Key.Replace('\\', '/') == path).Value
            ?? throw environment.Process(new InvalidDataException($"{name} is damaged: it has no entry '{WeightsEntry}'; save the model again."));
        try
        {
            using var stream = entry.Open();
            return SegmentationModel.Load(stream, $"{name} ({WeightsEntry})", MlNetInterop.Device(environment, device));
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw environment.Process(exception.Message.StartsWith(name, StringComparison.Ordinal)
                ? exception
                : new InvalidDataException($"{name} is damaged: its entry '{WeightsEntry}' cannot be unpacked. {exception.Message}", exception));
        }
    }

    private static VersionInfo Version() => ModelArchive.Version("AMBISEGM", Signature);
}
