using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Reads the masks of a column and, where other columns tell them, their readers and ignored pixels, one row after another.</summary>
internal sealed class AnnotationsReader
{
    private readonly IExceptionContext _context;
    private readonly VectorValues<byte> _vectors;
    private readonly string _column;
    private readonly int _maximumMasks;
    private readonly int _planes;
    private readonly string? _readersColumn;
    private readonly Func<string[]>? _readers;
    private readonly string? _ignoredColumn;
    private readonly VectorValues<byte>? _ignored;

    /// <param name="context">Marks the errors.</param>
    /// <param name="cursor">The rows.</param>
    /// <param name="columns">How many masks a row may have, and their size.</param>
    /// <param name="column">Column of the masks.</param>
    /// <param name="readersColumn">Column of the readers' names; null where there is none.</param>
    /// <param name="ignoredColumn">Column of the pixels that do not count; null where there is none.</param>
    public AnnotationsReader(
        IExceptionContext context,
        DataViewRow cursor,
        SegmentationColumns columns,
        DataViewSchema.Column column,
        DataViewSchema.Column? readersColumn,
        DataViewSchema.Column? ignoredColumn)
    {
        _context = context;
        _column = column.Name;
        _maximumMasks = columns.MaximumMasks;
        Classes = columns.Classes ?? ClassesAnnotation.Read(column) ?? MaskClasses.One;
        _planes = Classes.Overlap ? Classes.Count : 1;
        DeclaredSize = AnnotationsColumn.Size(column) ?? columns.AnnotationsSize;
        _vectors = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(column));
        if (readersColumn is { } readers)
        {
            _readersColumn = readers.Name;
            _readers = ReadersColumn.Getter(cursor, readers);
        }

        if (ignoredColumn is { } ignored)
        {
            _ignoredColumn = ignored.Name;
            _ignored = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(ignored));
        }
    }

    /// <summary>The classes of the masks.</summary>
    public MaskClasses Classes { get; }

    /// <summary>Size of each mask, where it was told; null where masks are taken to have the size of their image.</summary>
    public ImageSize? DeclaredSize { get; }

    /// <summary>The masks of the current row; none when the image is unlabeled. They are valid until the next call.</summary>
    /// <param name="row">Position of the row, for errors.</param>
    /// <param name="size">Size of the row's image.</param>
    /// <exception cref="InvalidOperationException">
    /// The values are not a whole number of masks, or too many, or of another size than the image, or the readers are not theirs.
    /// </exception>
    public MaskSet Read(long row, ImageSize size)
    {
        var values = _vectors.Read();
        if (values.Length > 0 && DeclaredSize is { } declared && declared != size)
        {
            throw ColumnErrors.InRow(
                _context, _column, row, $"the masks are {declared} pixels, but the image is {size}",
                "resize masks and images alike, as AnnotationLoadingOptions.Resize of LoadAnnotations does with masks");
        }

        var length = _planes * size.PixelCount;
        if (values.Length % length != 0)
        {
            throw ColumnErrors.InRow(
                _context, _column, row,
                $"{values.Length} values are no whole number of masks of {size} = {size.PixelCount} "
                + $"pixels{(Classes.Overlap ? $" and {_planes} classes that overlap" : "")}",
                $"give {(Classes.Overlap ? "A·K·H·W" : "A·H·W")} values, one mask of the image's size after the other, or none when the image is unlabeled");
        }

        var masks = values.Length / length;
        if (DeclaredSize is null && masks > _maximumMasks)
        {
            throw ColumnErrors.InRow(
                _context, _column, row,
                $"{values.Length} values would be {masks} masks of the image's {size} pixels, more than SegmentationColumns.MaximumMasks, {_maximumMasks}, "
                + "allows; it seems that images were resized and their masks were not",
                "resize masks and images alike, as AnnotationLoadingOptions.Resize of LoadAnnotations does with masks, or raise MaximumMasks");
        }

        if (values.Length == 0)
        {
            return new MaskSet(size, values, readers: null, ignored: null, Classes);
        }

        var (readers, ignored) = (_readers is null ? null : Readers(row, masks), _ignored is null ? null : Ignored(row, masks * size.PixelCount));
        if (Classes.Count == 1 || Classes.Overlap)
        {
            return new MaskSet(size, values, readers, ignored, Classes);
        }

        return values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)Classes.Count) is >= 0 and var other
            ? throw ColumnErrors.InRow(
                _context, _column, row, $"value {other} is {values[other]}",
                $"give 0 for background, or the number of a class, 1 to {Classes.Count} for {Classes}")
            : MaskSet.OfClassNumbers(size, values, Classes, readers, ignored);
    }

    private byte[] Ignored(long row, int length)
    {
        var ignored = _ignored!.Read();
        return ignored.Length == 0 || ignored.Length == length
            ? ignored
            : throw ColumnErrors.InRow(
                _context, _ignoredColumn!, row, $"there are {ignored.Length} values, but {length} of masks in column '{_column}'",
                "give one for each, or none where every pixel counts");
    }

    private string[] Readers(long row, int masks)
    {
        var names = _readers!();
        return ReaderNames.Fault(names, masks) is { } fault
            ? throw ColumnErrors.InRow(
                _context, _readersColumn!, row, fault,
                $"name whoever drew each mask of column '{_column}', nobody twice, or drop the column where nobody is known")
            : names;
    }
}
