using AmbiSSL.MLNet.Data;
using AmbiSSL.MLNet.Interop;
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
        List<SchemaShape.Column> outputs = [MlNetInterop.VectorShape(_loading.Output, NumberDataViewType.Byte, hasKnownSize: false)];
        if (_loading.Options.KnowsReaders)
        {
            outputs.Add(MlNetInterop.VectorShape(_loading.Options.ReadersColumn, TextDataViewType.Instance, hasKnownSize: false));
        }

        if (_loading.Options.IsIgnoring)
        {
            outputs.Add(MlNetInterop.VectorShape(_loading.Options.IgnoredColumn, NumberDataViewType.Byte, hasKnownSize: false));
        }

        return new SchemaShape(inputSchema.Where(column => outputs.All(output => output.Name != column.Name)).Concat(outputs));
    }

    /// <summary>
    /// Looks for the first mask: where masks are not resized, all have its size. No other file is opened before a row is read. <c>MLContext.Log</c> gets a
    /// warning where pictures lie beside the masks whose names the pattern does not fit.
    /// </summary>
    /// <param name="input">Rows with the column of paths or ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no text.</exception>
    /// <exception cref="InvalidOperationException">The first mask cannot be found or read.</exception>
    public AnnotationLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = MaskFilesColumn.Find(_host, input.Schema, _loading, nameof(input));
        ImageSize? size = null;
        using var cursor = input.GetRowCursor([column]);
        var files = new MaskFiles(_host, _loading, cursor, column);
        while ((size is null || _loading.Options.Pattern is not null) && cursor.MoveNext())
        {
            size ??= files.Size();
            files.AddId();
        }

        if (files.LeftOut().ToArray() is [var first, ..] leftOut)
        {
            using var channel = _host.Start(nameof(Fit));
            channel.Warning(
                MessageSensitivity.None,
                "{0}",
                FormattableString.Invariant($"Beside the masks lie {leftOut.Length} pictures that are not named as '{_loading.Options.Pattern}' says ")
                + $"and are not read, such as '{first}'.");
        }

        return new AnnotationLoadingTransformer(_environment, _loading with { Size = size });
    }
}
