using AmbiSSL.MLNet.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Adds the columns of <see cref="MaskMeasurements"/> to scored rows.</summary>
/// <param name="environment">What ML.NET works in.</param>
/// <param name="columns">Names of the columns.</param>
/// <param name="model">Tells how unlike its training images an image is; null where nobody asks.</param>
internal sealed class MeasurementColumns(IHostEnvironment environment, SegmentationColumns columns, AmbiguousSegmentationTransformer? model) : ITransformer
{
    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => MlNetInterop.MapRows(environment, inputSchema, Map);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => MlNetInterop.MapView(environment, input, Map);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw environment.Process(new NotSupportedException(
        "What measures masks is not saved; save the model, and call Measure on what it returns after it was loaded."));

    private MeasurementMapper Map(DataViewSchema schema) => new(environment, this, schema, columns, model);
}
