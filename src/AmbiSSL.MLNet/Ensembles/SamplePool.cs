using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Ensembles;

/// <summary>The last step of an ensemble: makes one set of columns of those that its models have added to each row.</summary>
internal sealed class SamplePool(IHostEnvironment environment, AmbiguousSegmentationEnsemble ensemble) : ITransformer
{
    private readonly IHostEnvironment _environment = environment;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>Whose models they are.</summary>
    public AmbiguousSegmentationEnsemble Ensemble { get; } = ensemble;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        MlNetInterop.MapRows(_environment, inputSchema, schema => new SamplePoolMapper(this, schema));

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => MlNetInterop.MapView(_environment, input, schema => new SamplePoolMapper(this, schema));

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => EnsembleFile.Save(ctx, Ensemble);
}
