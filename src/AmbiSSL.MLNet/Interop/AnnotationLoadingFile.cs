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
        StoredSettings.Save(context, transformer.Loading, StoredSettings.Default.AnnotationLoading);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static AnnotationLoadingTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var loading = StoredSettings.Load(environment, context, StoredSettings.Default.AnnotationLoading);
        try
        {
            return new AnnotationLoadingTransformer(environment, loading);
        }
        catch (ArgumentException exception)
        {
            throw environment.Process(new InvalidDataException(
                $"{ModelArchive.NameOf(context)} is damaged: it cannot load annotations as it says. {exception.Message}", exception));
        }
    }

    private static VersionInfo Version() => ModelArchive.Version("AMBIANNO", Signature);
}
