using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Puts what is measured of masks into a pipeline; there is nothing to learn.</summary>
/// <param name="environment">What ML.NET works in.</param>
/// <param name="columns">Names of the columns.</param>
internal sealed class MeasurementEstimator(IHostEnvironment environment, SegmentationColumns columns) : IEstimator<ITransformer>
{
    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        bool Has(string name) => inputSchema.Any(column => column.Name == name);
        foreach (var (role, name) in ((string, string)[])[("masks", columns.Masks), ("probability", columns.Probability), ("uncertainty", columns.Uncertainty)])
        {
            if (!Has(name))
            {
                throw ColumnErrors.Missing(environment, nameof(inputSchema), role, name, ScoredRows.Remedy);
            }
        }

        string[] sizes =
        [
            MaskMeasurements.AreaPixels, MaskMeasurements.DiameterPixels,
            .. Has(columns.Spacing) ? (string[])[MaskMeasurements.AreaMm2, MaskMeasurements.DiameterMm] : [],
        ];
        SchemaShape.Column[] outputs =
        [
            .. sizes.SelectMany(name => MaskMeasurements.OfEach(name, columns.Classes ?? MaskClasses.One)).Select(
                name => MlNetInterop.VectorShape(name, NumberDataViewType.Double, MeasurementMapper.IntervalNames())),
            .. ((string[])[MaskMeasurements.UncertaintyMean, MaskMeasurements.UncertaintyPatchMaximum, MaskMeasurements.UncertaintyPerForegroundPixel]).Select(
                name => MlNetInterop.NumberShape(name, NumberDataViewType.Double)),
        ];
        return new SchemaShape(inputSchema.Where(column => outputs.All(output => output.Name != column.Name)).Concat(outputs));
    }

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new MeasurementTransformer(environment, columns);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }
}
