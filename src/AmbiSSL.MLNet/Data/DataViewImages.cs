using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>The rows of a data view as a data set. They are read in their order; to go back is to begin anew.</summary>
internal sealed class DataViewImages : ImageSource, IDisposable
{
    private readonly IExceptionContext _context;
    private readonly IDataView _data;
    private readonly SegmentationColumns _columns;
    private readonly DataViewSchema.Column _imageColumn;
    private readonly DataViewSchema.Column? _sizeColumn;
    private readonly DataViewSchema.Column _annotationsColumn;
    private readonly DataViewSchema.Column? _readersColumn;
    private readonly DataViewSchema.Column? _ignoredColumn;
    private DataViewRowCursor? _cursor;
    private ImageReader? _images;
    private AnnotationsReader? _annotations;

    // On which the cursor is.
    private int _row;

    /// <param name="context">Marks the errors.</param>
    /// <param name="data">At least one row.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public DataViewImages(IExceptionContext context, IDataView data, SegmentationColumns columns)
    {
        (_context, _data, _columns) = (context, data, columns);
        ImageColumn.CheckCache(context, data, columns.Image, nameof(data));
        _imageColumn = ImageColumn.Find(context, data.Schema, columns.Image, nameof(data));
        _sizeColumn = SizeColumn.OfImages(context, data.Schema, columns, _imageColumn, nameof(data));
        _annotationsColumn = AnnotationsColumn.Find(context, data.Schema, columns.Annotations, nameof(data));
        _readersColumn = ReadersColumn.Find(context, data.Schema, columns.Readers, nameof(data));
        _ignoredColumn = IgnoredColumn.Find(context, data.Schema, columns.Ignored, nameof(data));
        Records = ReadRecords(data);
        if (Records.Count == 0)
        {
            throw context.Process(new InvalidOperationException("The data has no rows; give at least one with an image."));
        }

        MoveTo(0);
        Format = ImageColumn.Format(_imageColumn, _images!.Read(0).Shape) with { Preprocessing = new Preprocessing { AnySize = _sizeColumn is not null } };
    }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

    /// <inheritdoc/>
    public override MaskClasses Classes => _annotations!.Classes;

    /// <inheritdoc/>
    public override bool MayIgnorePixels => _ignoredColumn is not null;

    /// <inheritdoc/>
    public void Dispose() => _cursor?.Dispose();

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index)
    {
        MoveTo(index);
        return (_images!.Read(index).Shape, Format.Source);
    }

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        MoveTo(index);
        var image = _images!.Read(index);
        var masks = _annotations!.Read(index, image.Shape.Size);
        var record = Records[index];
        return new AnnotatedImage(
            record.Id, record.Subject, new ImagePixels(image.Shape, image.ToFloats()), masks.Copy());
    }

    private static ImageRecord[] ReadRecords(IDataView data)
    {
        DataViewSchema.Column?[] named = [data.Schema.GetColumnOrNull("Id"), data.Schema.GetColumnOrNull("Subject")];
        named = [.. named.Select(column => column?.Type is Microsoft.ML.Data.TextDataViewType ? column : null)];
        using var cursor = data.GetRowCursor(named.OfType<DataViewSchema.Column>());
        var texts = Array.ConvertAll(named, column => column is { } known ? cursor.GetGetter<ReadOnlyMemory<char>>(known) : null);
        var records = new List<ImageRecord>();
        while (cursor.MoveNext())
        {
            var id = Text(texts[0]) ?? FormattableString.Invariant($"row {records.Count}");
            records.Add(new ImageRecord { Id = id, Subject = Text(texts[1]) ?? id });
        }

        return [.. records];
    }

    private static string? Text(ValueGetter<ReadOnlyMemory<char>>? getter)
    {
        ReadOnlyMemory<char> text = default;
        getter?.Invoke(ref text);
        return getter is null ? null : text.ToString();
    }

    private void MoveTo(int row)
    {
        if (_cursor is null || row < _row)
        {
            Begin();
        }

        for (; _row < row; _row++)
        {
            _cursor!.MoveNext();
        }
    }

    private void Begin()
    {
        _cursor?.Dispose();
        DataViewSchema.Column?[] needed = [_imageColumn, _sizeColumn, _annotationsColumn, _readersColumn, _ignoredColumn];
        _cursor = _data.GetRowCursor(needed.OfType<DataViewSchema.Column>());
        _images = ImageReader.Create(_context, _imageColumn, _columns.ImageChannels, _cursor, _sizeColumn);
        _annotations = new AnnotationsReader(_context, _cursor, _columns, _annotationsColumn, _readersColumn, _ignoredColumn);
        _row = -1;
    }
}
