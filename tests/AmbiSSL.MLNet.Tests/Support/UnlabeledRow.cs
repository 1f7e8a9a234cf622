using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>What a prediction engine is given.</summary>
public sealed class UnlabeledRow
{
    [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
    public float[] Image { get; set; } = [];
}
