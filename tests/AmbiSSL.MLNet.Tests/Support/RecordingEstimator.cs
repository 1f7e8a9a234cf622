using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>Trains nothing: remembers what it was given and returns models that were trained before.</summary>
public sealed class RecordingEstimator(Func<ITransformer> model) : IEstimator<ITransformer>
{
    /// <summary>For each call, the subject of every row and whether the row has annotations.</summary>
    public List<(string Subject, bool IsLabeled)[]> Calls { get; } = [];

    public ITransformer Fit(IDataView input)
    {
        Calls.Add([.. input.GetColumn<string>("Subject").Zip(input.GetColumn<byte[]>("Annotations"), (subject, masks) => (subject, masks.Length > 0))]);
        return model();
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
}
