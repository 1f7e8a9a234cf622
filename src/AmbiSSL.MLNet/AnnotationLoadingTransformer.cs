using AmbiSSL.MLNet.Data;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL;

/// <summary>
/// Adds the experts' masks to each row, read from the files that the row names when the masks are asked for, and the names of their readers where they
/// are known. Where the column of paths or ids is absent, as it is when new images are scored, every row is unlabeled.
/// </summary>
public sealed class AnnotationLoadingTransformer : ITransformer
{
    private readonly IHostEnvironment _environment;

    internal AnnotationLoadingTransformer(IHostEnvironment environment, AnnotationLoading loading)
    {
        loading.Validate();
        _environment = environment;
        Host = environment.Register(nameof(AnnotationLoadingTransformer));
        Loading = loading;
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>Marks errors.</summary>
    internal IHost Host { get; }

    /// <summary>Columns and options.</summary>
    internal AnnotationLoading Loading { get; }

    /// <summary>The input's columns and the output columns.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths or ids is no text.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema(inputSchema);
    }

    /// <summary>Makes a mapper of single rows, as a prediction engine uses.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths or ids is no text.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return MlNetInterop.MapRows(_environment, inputSchema, Bind);
    }

    /// <summary>Adds the output columns. No file is opened before a cursor asks for the masks of a row.</summary>
    /// <param name="input">The rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths or ids is no text.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AnnotationLoadingView(Host, input, Bind(input.Schema));
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        AnnotationLoadingFile.Save(ctx, this);
    }

    private AnnotationLoadingMapper Bind(DataViewSchema schema) => new(this, schema);
}
