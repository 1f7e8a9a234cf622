using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Adds the columns of <see cref="MaskMeasurements"/> to scored rows.</summary>
/// <param name="environment">What ML.NET works in.</param>
/// <param name="columns">Names of the columns.</param>
internal sealed class MeasurementTransformer(IHostEnvironment environment, SegmentationColumns columns) : ITransformer
{
    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>Names of the columns.</summary>
    public SegmentationColumns Columns => columns;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => MlNetInterop.MapRows(environment, inputSchema, Map);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => MlNetInterop.MapView(environment, input, Map);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => MeasurementFile.Save(ctx, this);

    private MeasurementMapper Map(DataViewSchema schema) => new(environment, this, schema, columns);
}
