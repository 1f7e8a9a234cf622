using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>
/// A single row with the computed columns; each new position of the input row is computed when a value is first asked for.
/// </summary>
internal sealed class ScoringRow : DataViewRow
{
    private readonly AmbiguousSegmentationTransformer _transformer;
    private readonly ScoringSchema _schema;
    private readonly DataViewRow _source;
    private readonly bool[] _active;
    private readonly ImageReader? _images;
    private readonly ScoringBatch? _batch;
    private long? _readPosition;

    public ScoringRow(AmbiguousSegmentationTransformer transformer, ScoringSchema schema, DataViewRow source, bool[] active)
    {
        _transformer = transformer;
        _schema = schema;
        _source = source;
        _active = active;
        if (schema.IsAnyComputed(active))
        {
            _images = ImageReader.Create(transformer.Host, schema.Image, transformer.Columns.ImageChannels, source, schema.ImageSize);
            _batch = new ScoringBatch(transformer, capacity: 1, schema, active);
        }
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _source.Position;

    public override long Batch => _source.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(_transformer.Host, this, column);
        if (_schema.IsPassedThrough(column.Index))
        {
            return _source.GetGetter<TValue>(_schema.Input[column.Index]);
        }

        return Getters.Typed<TValue>(_transformer.Host, column, _batch!.CreateGetter(column.Index, ReadCurrentImage));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadCurrentImage()
    {
        if (_readPosition != _source.Position)
        {
            _readPosition = null;
            _batch!.Clear();
            _images!.Read(_source.Position, _transformer.SharedModel.Images, _batch.Add);
            _readPosition = _source.Position;
        }

        return 0;
    }
}
