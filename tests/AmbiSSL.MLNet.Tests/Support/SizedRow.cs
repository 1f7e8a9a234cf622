using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row that tells the size of its image.</summary>
public sealed class SizedRow
{
    public float[] Image { get; set; } = [];

    [VectorType(2)]
    public int[] ImageSize { get; set; } = [TinyData.Side, TinyData.Side];

    public byte[] Annotations { get; set; } = [];
}
