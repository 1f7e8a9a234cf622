using System.Text.Json;
using AmbiSSL.Torch.Models;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Columns;

/// <summary>
/// Schema annotation that says what was done to the images of a column, or of which images masks were drawn: the format, as JSON.
/// </summary>
internal static class ImageFormatAnnotation
{
    private const string Kind = "ImageFormat";

    /// <summary>The annotation of a column of images.</summary>
    public static DataViewSchema.Annotations Create(ImageFormat format) => Create(format, MaskClasses.One);

    /// <summary>The annotations of a column of masks: the images that they were drawn of, and their classes.</summary>
    public static DataViewSchema.Annotations Create(ImageFormat format, MaskClasses classes)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddText(Kind, JsonSerializer.Serialize(format, StoredJson.Default.ImageFormat));
        builder.AddClasses(classes);
        return builder.ToAnnotations();
    }

    /// <summary>What the annotation of a column says; null where there is none.</summary>
    public static ImageFormat? Read(DataViewSchema.Column column)
    {
        var text = column.Text(Kind);
        return text is null ? null : JsonSerializer.Deserialize(text, StoredJson.Default.ImageFormat);
    }
}
