using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>Maps single rows.</summary>
/// <param name="transformer">The transformer.</param>
/// <param name="schema">The columns.</param>
internal sealed class ScoringMapper(AmbiguousSegmentationTransformer transformer, ScoringSchema schema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        schema.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Schema == schema.Input
            ? new ScoringRow(transformer, schema, input, schema.Activate(activeColumns))
            : throw transformer.Host.Process(new ArgumentException(
                "The row has another schema than the one that the mapper was made for.", nameof(input)));
    }
}
