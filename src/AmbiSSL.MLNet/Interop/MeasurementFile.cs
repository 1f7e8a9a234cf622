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
        context.SaveNonEmptyString(transformer.Columns.Masks);
        context.SaveNonEmptyString(transformer.Columns.MasksSize);
        context.SaveNonEmptyString(transformer.Columns.Probability);
        context.SaveNonEmptyString(transformer.Columns.Uncertainty);
        context.SaveNonEmptyString(transformer.Columns.Spacing);
        context.SaveNonEmptyString(Checksum(transformer.Columns));
    }

    /// <summary>Reads what <see cref="Save"/> wrote; ML.NET finds this method by its name and signature.</summary>
    private static MeasurementTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var columns = new SegmentationColumns
        {
            Masks = context.LoadNonEmptyString(),
            MasksSize = context.LoadNonEmptyString(),
            Probability = context.LoadNonEmptyString(),
            Uncertainty = context.LoadNonEmptyString(),
            Spacing = context.LoadNonEmptyString(),
        };
        return context.LoadNonEmptyString() == Checksum(columns)
            ? new MeasurementTransformer(environment, columns)
            : throw environment.Process(new InvalidDataException(
                $"{ModelArchive.NameOf(context)} is damaged, or of another build: the columns that it measures do not match their checksum."));
    }

    private static string Checksum(SegmentationColumns columns) =>
        ModelArchive.Checksum(string.Join('\n', columns.Masks, columns.MasksSize, columns.Probability, columns.Uncertainty, columns.Spacing));

    private static VersionInfo Version() => ModelArchive.Version("AMBIMEAS", Signature);
}
