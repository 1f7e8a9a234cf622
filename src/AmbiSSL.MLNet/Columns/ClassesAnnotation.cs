using System.Text.Json;
using AmbiSSL.Torch.Models;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Schema annotation of a column of masks that says which classes they have, as JSON; where there is none, they have one.</summary>
internal static class ClassesAnnotation
{
    private const string Kind = "Classes";

    /// <summary>Adds the classes, unless they are the one that is taken where nothing is said.</summary>
    public static void AddClasses(this DataViewSchema.Annotations.Builder builder, MaskClasses classes)
    {
        if (classes != MaskClasses.One)
        {
            builder.AddText(Kind, JsonSerializer.Serialize(classes, StoredJson.Default.MaskClasses));
        }
    }

    /// <summary>The annotations of a column that has no others.</summary>
    public static DataViewSchema.Annotations Create(MaskClasses classes)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddClasses(classes);
        return builder.ToAnnotations();
    }

    /// <summary>What the annotation of a column says; null where there is none.</summary>
    public static MaskClasses? Read(DataViewSchema.Column column) =>
        column.Text(Kind) is { } text ? JsonSerializer.Deserialize(text, StoredJson.Default.MaskClasses) : null;
}
