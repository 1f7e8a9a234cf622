using System.Text.Json;
using AmbiSSL;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(AnnotationLoadingTransformer),
    typeof(AnnotationLoadingFile),
    null,
    typeof(SignatureLoadModel),
    "Annotation loading",
    AnnotationLoadingFile.Signature)]

namespace AmbiSSL.MLNet.Interop;

/// <summary>How <see cref="AnnotationLoadingTransformer"/> goes into a model file and comes out of it.</summary>
internal static class AnnotationLoadingFile
{
    /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
    public const string Signature = "AnnotationLoading";

    /// <summary>Writes columns and options.</summary>
    public static void Save(ModelSaveContext context, AnnotationLoadingTransformer transformer)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        context.SaveNonEmptyString(JsonSerializer.Serialize(transformer.Loading, StoredSettings.Default.AnnotationLoading));
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static AnnotationLoadingTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var text = context.LoadNonEmptyString();
        try
        {
            var loading = JsonSerializer.Deserialize(text, StoredSettings.Default.AnnotationLoading)
                ?? throw new JsonException("There are no options.");
            return new AnnotationLoadingTransformer(environment, loading);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw environment.Process(new InvalidDataException(
                $"This model file is damaged: what it says of annotations to load cannot be read. {exception.Message}", exception));
        }
    }

    private static VersionInfo Version() => ModelArchive.Version("AMBIANNO", Signature);
}
