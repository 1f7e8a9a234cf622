using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>
/// A cursor that reads a batch of rows ahead, keeps copies of their active columns, and computes the batch in one call when the first
/// computed value is asked for.
/// </summary>
internal sealed class ScoringCursor : DataViewRowCursor
{
    private readonly AmbiguousSegmentationTransformer _transformer;
    private readonly ScoringSchema _schema;
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly ColumnBuffer?[] _buffers;
    private readonly ImageReader _images;
    private readonly ScoringBatch _batch;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batchNumbers;
    private int _filledSlots;
    private int _slot = -1;
    private long _position = -1;
    private bool _isAtEnd;
    private bool _isDisposed;

    public ScoringCursor(AmbiguousSegmentationTransformer transformer, ScoringSchema schema, DataViewRowCursor source, bool[] active)
    {
        _transformer = transformer;
        _schema = schema;
        _source = source;
        _active = active;
        _idGetter = source.GetIdGetter();
        var capacity = transformer.RowsTogether;
        _ids = new DataViewRowId[capacity];
        _batchNumbers = new long[capacity];
        _batch = new ScoringBatch(transformer, capacity, schema, active);
        _buffers = [.. schema.Input.Select(
            column => active[column.Index] ? ColumnBuffer.Create(source, column, capacity) : null)];

        // Where the images are passed through too, they are taken from the copies: stock transforms compute a value anew at each request.
        _images = _buffers[schema.Image.Index] is { } buffer
            ? ImageReader.Create(transformer.Host, schema.Image, transformer.Columns.ImageChannels, buffer.CreateGetter(() => _filledSlots),
                schema.ImageSize is { } size ? SizeColumn.Getter(source, size) : null)
            : ImageReader.Create(transformer.Host, schema.Image, transformer.Columns.ImageChannels, source, schema.ImageSize);
    }

    public override DataViewSchema Schema => _schema.Cursor;

    public override long Position => _position;

    public override long Batch => _slot < 0 ? 0 : _batchNumbers[_slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index == _schema.Barrier || _active[column.Index];

    public override bool MoveNext()
    {
        if (_isAtEnd)
        {
            return false;
        }

        if (_slot + 1 >= _filledSlots && !ReadAhead())
        {
            _isAtEnd = true;
            _position = -1;
            return false;
        }

        _slot++;
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[CurrentSlot()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(_transformer.Host, this, column);
        var getter = _schema.IsPassedThrough(column.Index) ? _buffers[column.Index]!.CreateGetter(CurrentSlot)
            : column.Index == _schema.Barrier ? ReadAheadBarrier.Getter()
            : _batch.CreateGetter(column.Index, CurrentSlot);
        return Getters.Typed<TValue>(_transformer.Host, column, getter);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _isAtEnd = true;
            _position = -1;
            foreach (var buffer in _buffers)
            {
                buffer?.Dispose();
            }

            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool ReadAhead()
    {
        _slot = -1;
        _filledSlots = 0;
        _batch.Clear();
        while (_filledSlots < _ids.Length && _source.MoveNext())
        {
            _idGetter(ref _ids[_filledSlots]);
            _batchNumbers[_filledSlots] = _source.Batch;
            foreach (var buffer in _buffers)
            {
                buffer?.Read(_filledSlots);
            }

            _images.Read(_position + 1 + _filledSlots, _transformer.SharedModel.Images, _batch.Add);
            _filledSlots++;
        }

        return _filledSlots > 0;
    }

    private int CurrentSlot() => _position >= 0
        ? _slot
        : throw _transformer.Host.Process(new InvalidOperationException(
            "There is no current row: the cursor is before the first one or past the last one."));
}
