using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Data;

/// <summary>Computes the masks of a row, and the names of their readers where they are known, from the row's paths or id.</summary>
internal sealed class AnnotationLoadingMapper : RowMapper
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

    private int Count => 1 + (Loading.Options.KnowsReaders ? 1 : 0) + (Loading.Options.IsIgnoring ? 1 : 0);

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] GetOutputColumns()
    {
        var options = Loading.Options;
        VectorDataViewType OfClasses(MaskClasses classes) => (options.Resize ?? Loading.Size) is { } size
            ? AnnotationsColumn.OfSize(size, classes)
            : new VectorDataViewType(NumberDataViewType.Byte);

        var classes = options.Reading.MaskClasses;
        List<DataViewSchema.DetachedColumn> columns = [new(Loading.Output, OfClasses(classes), ClassesAnnotation.Create(classes))];
        if (options.KnowsReaders)
        {
            columns.Add(new(options.ReadersColumn, new VectorDataViewType(TextDataViewType.Instance)));
        }

        if (options.IsIgnoring)
        {
            columns.Add(new(options.IgnoredColumn, OfClasses(MaskClasses.One)));
        }

        return [.. columns];
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
        var isNeeded = Enumerable.Range(0, Count).Any(activeOutput);
        return column => isNeeded && column == _input?.Index;
    }

    /// <inheritdoc/>
    public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput)
    {
        var files = _input is { } column && Enumerable.Range(0, Count).Any(activeOutput) ? new MaskFiles(_transformer.Host, Loading, input, column) : null;
        List<Delegate> getters = [Getter(() => files?.Masks() ?? [])];
        if (Loading.Options.KnowsReaders)
        {
            getters.Add(Getter(() => Array.ConvertAll(files?.Readers() ?? [], reader => reader.AsMemory())));
        }

        if (Loading.Options.IsIgnoring)
        {
            getters.Add(Getter(() => files?.Ignored() ?? []));
        }

        return [.. getters.Select((getter, output) => activeOutput(output) ? getter : null)];
    }

    private static ValueGetter<VBuffer<T>> Getter<T>(Func<T[]> values) => (ref VBuffer<T> value) =>
    {
        var read = values();
        value = new VBuffer<T>(read.Length, read);
    };
}
