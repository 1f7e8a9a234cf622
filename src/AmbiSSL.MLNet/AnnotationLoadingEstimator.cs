using AmbiSSL.MLNet.Data;
using AmbiSSL.MLNet.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL;

/// <summary>
/// Reads the experts' masks from the files that a column names, as <c>LoadImages</c> does with images. Training follows it in a pipeline.
/// </summary>
public sealed class AnnotationLoadingEstimator : IEstimator<AnnotationLoadingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly IHost _host;
    private readonly AnnotationLoading _loading;

    internal AnnotationLoadingEstimator(IHostEnvironment environment, AnnotationLoading loading)
    {
        loading.Validate();
        _environment = environment;
        _host = environment.Register(nameof(AnnotationLoadingEstimator));
        _loading = loading;
    }

    /// <summary>Checks that the column of paths or ids is there, and adds those of the masks and, where they are known, of their readers.</summary>
    /// <param name="inputSchema">Shape of the data's schema.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        MaskFilesColumn.Check(_host, inputSchema, _loading, nameof(inputSchema));
        List<SchemaShape.Column> outputs = [MlNetInterop.VariableVectorShape(_loading.Output, NumberDataViewType.Byte)];
        if (_loading.Options.KnowsReaders)
        {
            outputs.Add(MlNetInterop.VariableVectorShape(_loading.Options.ReadersColumn, TextDataViewType.Instance));
        }

        if (_loading.Options.IsIgnoring)
        {
            outputs.Add(MlNetInterop.VariableVectorShape(_loading.Options.IgnoredColumn, NumberDataViewType.Byte));
        }

        return new SchemaShape(inputSchema.Where(column => outputs.All(output => output.Name != column.Name)).Concat(outputs));
    }

    /// <summary>Looks for the first mask: where masks are not resized, all have its size. No other file is opened before a row is read.</summary>
    /// <param name="input">Rows with the column of paths or ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no text.</exception>
    /// <exception cref="InvalidOperationException">The first mask cannot be found or read.</exception>
    public AnnotationLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = MaskFilesColumn.Find(_host, input.Schema, _loading, nameof(input));
        ImageSize? size = null;
        if (_loading.Options.Resize is null)
        {
            using var cursor = input.GetRowCursor([column]);
            var files = new MaskFiles(_host, _loading, cursor, column);
            while (size is null && cursor.MoveNext())
            {
                size = files.Size();
            }
        }

        return new AnnotationLoadingTransformer(_environment, _loading with { Size = size });
    }
}
