using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose image has pixels of known distances.</summary>
public sealed class SpacedRow
{
    [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
    public float[] Image { get; set; } = [];

    [VectorType(2)]
    public double[] Spacing { get; set; } = [];
}
