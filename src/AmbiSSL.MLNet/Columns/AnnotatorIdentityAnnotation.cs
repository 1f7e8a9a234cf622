using Microsoft.ML;

namespace AmbiSSL.MLNet.Columns;

/// <summary>
/// Schema annotation of the annotators' masks that says who the annotators are. It follows the column through other transforms and files,
/// so that an evaluation knows how to line up the experts' masks.
/// </summary>
internal static class AnnotatorIdentityAnnotation
{
    private const string Kind = "AnnotatorIdentity";

    /// <summary>The annotation of a column.</summary>
    public static DataViewSchema.Annotations Create(AnnotatorIdentity identity)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddText(Kind, identity.ToString());
        return builder.ToAnnotations();
    }

    /// <summary>What the annotation of a column says; <see cref="AnnotatorIdentity.Slot"/> where there is none.</summary>
    public static AnnotatorIdentity Read(DataViewSchema.Column column) =>
        Enum.TryParse<AnnotatorIdentity>(column.Text(Kind), out var identity) ? identity : AnnotatorIdentity.Slot;
}
