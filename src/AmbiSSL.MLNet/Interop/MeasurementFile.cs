using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(MeasurementTransformer), typeof(MeasurementFile), null, typeof(SignatureLoadModel), "Measurements of masks", MeasurementFile.Signature)]

namespace AmbiSSL.MLNet.Interop;

/// <summary>How <see cref="MeasurementTransformer"/> goes into a model file and comes out of it.</summary>
internal static class MeasurementFile
{
    /// <summary>The word by which a model file finds <see cref="Create"/>. At most 24 characters.</summary>
    public const string Signature = "MaskMeasurements";

    /// <summary>Writes the names of the columns that are measured.</summary>
    public static void Save(ModelSaveContext context, MeasurementTransformer transformer)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        StoredSettings.Save(context, transformer.Columns, StoredSettings.Default.SegmentationColumns);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static MeasurementTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        return new MeasurementTransformer(environment, StoredSettings.Load(environment, context, StoredSettings.Default.SegmentationColumns));
    }

    private static VersionInfo Version() => ModelArchive.Version("AMBIMEAS", Signature);
}
