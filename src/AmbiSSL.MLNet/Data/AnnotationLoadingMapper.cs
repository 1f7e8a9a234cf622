using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Data;

/// <summary>Computes the masks of a row, and the names of their readers where they are known, from the row's paths or id.</summary>
internal sealed class AnnotationLoadingMapper : MlNetInterop.RowMapper
{
    private readonly AnnotationLoadingTransformer _transformer;
    private readonly DataViewSchema.Column? _input;

    /// <param name="transformer">Whose columns they are.</param>
    /// <param name="schema">The columns of the rows. Where the paths or ids are not among them, every row is unlabeled.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths or ids has the wrong type.</exception>
    public AnnotationLoadingMapper(AnnotationLoadingTransformer transformer, DataViewSchema schema)
        : base(transformer)
    {
        _transformer = transformer;
        _input = schema.GetColumnOrNull(transformer.Loading.Input) is null
            ? null
            : MaskFilesColumn.Find(transformer.Host, schema, transformer.Loading, nameof(schema));
    }

    private AnnotationLoading Loading => _transformer.Loading;

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] GetOutputColumns()
    {
        var size = Loading.Options.Resize ?? Loading.Size;
        var masks = new DataViewSchema.DetachedColumn(
            Loading.Output, size is { } known ? AnnotationsColumn.OfSize(known) : new VectorDataViewType(NumberDataViewType.Byte));
        return Loading.Options.KnowsReaders
            ? [masks, new DataViewSchema.DetachedColumn(Loading.Options.ReadersColumn, new VectorDataViewType(TextDataViewType.Instance))]
            : [masks];
    }

    /// <summary>The columns of the rows, and behind them those of <see cref="GetOutputColumns"/>.</summary>
    public DataViewSchema OutputSchema(DataViewSchema schema)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumns(GetOutputColumns());
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public override Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        var isNeeded = activeOutput(0) || activeOutput(1);
        return column => isNeeded && column == _input?.Index;
    }

    /// <inheritdoc/>
    public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput)
    {
        var files = _input is { } column && (activeOutput(0) || activeOutput(1)) ? new MaskFiles(_transformer.Host, Loading, input, column) : null;
        Delegate?[] getters =
        [
            activeOutput(0) ? Getter(() => files?.Masks() ?? []) : null,
            activeOutput(1) ? Getter(() => Array.ConvertAll(files?.Readers() ?? [], reader => reader.AsMemory())) : null,
        ];
        return getters[..(Loading.Options.KnowsReaders ? 2 : 1)];
    }

    private static ValueGetter<VBuffer<T>> Getter<T>(Func<T[]> values) => (ref VBuffer<T> value) =>
    {
        var read = values();
        value = new VBuffer<T>(read.Length, read);
    };
}
