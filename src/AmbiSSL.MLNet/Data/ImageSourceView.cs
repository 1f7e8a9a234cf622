using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>
/// A data set as a data view: Id, Subject, Image, ImageSize where images may differ in size, Annotations, Readers, Ignored and Fold where the data
/// set names them, Spacing where it knows that of any image, and the further columns of its index as text. An image is read when the image or the
/// annotations of its row are asked for, and not before.
/// </summary>
internal sealed class ImageSourceView : IDataView
{
    /// <summary>Name of the column of folds, Int32.</summary>
    public const string FoldColumn = "Fold";

    private const string ReadersColumn = "Readers";
    private const string SizesColumn = "ImageSize";
    private const string SpacingsColumn = "Spacing";

    private static readonly string[] Own =
        ["Id", "Subject", "Image", SizesColumn, "Annotations", ReadersColumn, SegmentationColumns.DefaultIgnored, FoldColumn, SpacingsColumn];

    private readonly IExceptionContext _context;

    /// <summary>A data view of all images.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="source">The images.</param>
    public ImageSourceView(IExceptionContext context, ImageSource source)
    {
        _context = context;
        Source = source;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Id", TextDataViewType.Instance);
        builder.AddColumn("Subject", TextDataViewType.Instance);
        builder.AddColumn("Image", ImageColumn.Vector(source.Format), ImageFormatAnnotation.Create(source.Format));
        if (source.Shape.IsAnySize)
        {
            builder.AddColumn(SizesColumn, SizeColumn.Type);
        }

        builder.AddColumn("Annotations", AnnotationsColumn.OfSize(source.Shape.Size, source.Classes), ClassesAnnotation.Create(source.Classes));
        if (source.Records.Any(record => record.Readers.Count > 0))
        {
            builder.AddColumn(ReadersColumn, new VectorDataViewType(TextDataViewType.Instance));
        }

        if (source.MayIgnorePixels)
        {
            builder.AddColumn(SegmentationColumns.DefaultIgnored, AnnotationsColumn.OfSize(source.Shape.Size));
        }

        if (source.Records.Any(record => record.Fold is not null))
        {
            builder.AddColumn(FoldColumn, NumberDataViewType.Int32);
        }

        if (source.Records.Any(record => record.Spacing is not null))
        {
            builder.AddColumn(SpacingsColumn, SpacingColumn.Type);
        }

        foreach (var name in source.Records.SelectMany(record => record.Columns.Keys).Distinct(StringComparer.Ordinal))
        {
            if (!Own.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                builder.AddColumn(name, TextDataViewType.Instance);
            }
        }

        Schema = builder.ToSchema();
    }

    /// <summary>The images.</summary>
    public ImageSource Source { get; }

    /// <inheritdoc/>
    public bool CanShuffle => true;

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => Source.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var order = Enumerable.Range(0, Source.Count).ToArray();
        rand?.Shuffle(order);
        return new Cursor(this, order, Getters.Activate(Schema, columnsNeeded));
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ImageSourceView view, int[] order, bool[] active) : DataViewRowCursor
    {
        private int _next;
        private int _position = -1;
        private int _readPosition = -1;
        private AnnotatedImage? _image;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        private ImageRecord Record => view.Source.Records[Index];

        private int Index => _position >= 0
            ? order[_position]
            : throw new InvalidOperationException("The cursor is before the first row or after the last one; there is no value to get.");

        public override bool MoveNext()
        {
            if (_next == order.Length)
            {
                _position = -1;
                return false;
            }

            _position = _next++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Index, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Getters.RequireActive(view._context, this, column);
            Delegate getter = column.Name switch
            {
                "Id" => Text(() => Record.Id),
                "Subject" => Text(() => Record.Subject),
                "Image" => view.Source.Format.PixelType switch
                {
                    PixelType.UInt8 => Pixels<byte>(),
                    PixelType.UInt16 => Pixels<ushort>(),
                    _ => Pixels<float>(),
                },
                SizesColumn => (ValueGetter<VBuffer<int>>)((ref VBuffer<int> value) =>
                    Copy<int>([Read().Pixels.Shape.Height, Read().Pixels.Shape.Width], ref value)),
                "Annotations" => (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) => Copy<byte>(AnnotationsColumn.Values(Read().Annotations), ref value)),
                SegmentationColumns.DefaultIgnored =>
                    (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) => Copy(Read().Annotations.Ignored, ref value)),
                ReadersColumn => (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
                    Copy<ReadOnlyMemory<char>>(Record.Readers.Select(reader => reader.AsMemory()).ToArray(), ref value)),
                SpacingsColumn => (ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) =>
                    Copy<double>([Record.Spacing?.Row ?? double.NaN, Record.Spacing?.Column ?? double.NaN], ref value)),
                FoldColumn => (ValueGetter<int>)((ref int value) => value = Record.Fold ?? -1),
                var name => Text(() => Record.Columns.GetValueOrDefault(name) ?? ""),
            };
            return Getters.Typed<TValue>(view._context, column, getter);
        }

        private static ValueGetter<ReadOnlyMemory<char>> Text(Func<string> text) =>
            (ref ReadOnlyMemory<char> value) => value = text().AsMemory();

        private static void Copy<T>(ReadOnlySpan<T> values, ref VBuffer<T> destination)
        {
            var editor = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(editor.Values);
            destination = editor.Commit();
        }

        private ValueGetter<VBuffer<T>> Pixels<T>()
            where T : unmanaged => (ref VBuffer<T> value) => Copy(Read().Pixels.Values<T>(), ref value);

        private AnnotatedImage Read()
        {
            var index = Index;
            if (_image is null || _readPosition != _position)
            {
                _image = view.Source.Read(index);
                _readPosition = _position;
            }

            return _image;
        }
    }
}
