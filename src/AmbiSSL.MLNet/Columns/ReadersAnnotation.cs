using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Columns;

/// <summary>
/// The readers' names as ML.NET's slot names of a column of masks [A, H, W]: the first slot of each mask has its reader's name, and no other
/// has one. They follow the column through other transforms and files.
/// </summary>
internal static class ReadersAnnotation
{
    private const string Kind = "SlotNames";

    // Where masks have no known size there are no slots to name.
    private const string KindOfAnySize = "Readers";

    /// <summary>The annotation of a column; none where the readers have no names.</summary>
    public static DataViewSchema.Annotations? Create(IReadOnlyList<string> readers, int pixels) => Create(readers, pixels, MaskClasses.One);

    /// <summary>The annotations of a column of masks of several classes, each of so many bytes.</summary>
    public static DataViewSchema.Annotations? Create(IReadOnlyList<string> readers, int pixels, MaskClasses classes)
    {
        if (readers.Count == 0)
        {
            return ClassesAnnotation.Create(classes);
        }

        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddClasses(classes);
        if (pixels == 0)
        {
            builder.AddText(KindOfAnySize, string.Join('\n', readers));
            return builder.ToAnnotations();
        }

        builder.Add(
            Kind,
            new VectorDataViewType(TextDataViewType.Instance, readers.Count * pixels),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(
                readers.Count * pixels,
                readers.Count,
                [.. readers.Select(reader => reader.AsMemory())],
                [.. Enumerable.Range(0, readers.Count).Select(reader => reader * pixels)]));
        return builder.ToAnnotations();
    }

    /// <summary>What the annotation of a column [A, H, W] says; empty where the readers have no names.</summary>
    public static string[] Read(DataViewSchema.Column column)
    {
        if (column.Text(KindOfAnySize) is { } ofAnySize)
        {
            return ofAnySize.Split('\n');
        }

        if (!column.HasSlotNames())
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        var size = ((VectorDataViewType)column.Type).Dimensions;
        var readers = new string[size[0]];
        for (var reader = 0; reader < readers.Length; reader++)
        {
            readers[reader] = names.GetItemOrDefault(reader * (names.Length / size[0])).ToString();
        }

        return readers;
    }
}
