using System.Globalization;
using AmbiSSL;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(AmbiguousSegmentationEnsemble),
    typeof(EnsembleFile),
    null,
    typeof(SignatureLoadModel),
    "Ensemble of ambiguous segmentation",
    EnsembleFile.Signature)]

namespace AmbiSSL.MLNet.Interop;

/// <summary>How <see cref="AmbiguousSegmentationEnsemble"/> goes into a model file and comes out of it.</summary>
internal static class EnsembleFile
{
    /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
    public const string Signature = "SegmentationEnsemble";

    /// <summary>Writes the models, each into a folder of its own.</summary>
    public static void Save(ModelSaveContext context, AmbiguousSegmentationEnsemble ensemble)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        context.Writer.Write(ensemble.Models.Count);
        for (var i = 0; i < ensemble.Models.Count; i++)
        {
            context.SaveModel(ensemble.Models[i], Folder(i));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static AmbiguousSegmentationEnsemble Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var count = context.Reader.ReadInt32();
        var models = new List<AmbiguousSegmentationTransformer>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                context.LoadModel<AmbiguousSegmentationTransformer, SignatureLoadModel>(environment, out var model, Folder(i));
                models.Add(model);
            }

            return new AmbiguousSegmentationEnsemble(environment, models);
        }
        catch (ArgumentException exception)
        {
            models.ForEach(model => model.Dispose());
            throw environment.Process(new InvalidDataException(
                $"{ModelArchive.NameOf(context)} is damaged: its models are no ensemble. {exception.Message}", exception));
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }
    }

    private static string Folder(int model) => string.Create(CultureInfo.InvariantCulture, $"Member_{model:000}");

    private static VersionInfo Version() => ModelArchive.Version("AMBIENSE", Signature);
}
