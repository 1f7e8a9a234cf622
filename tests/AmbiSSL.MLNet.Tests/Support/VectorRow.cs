using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose image is a vector of TinyData's size.</summary>
public sealed class VectorRow
{
    public string Id { get; set; } = "";

    [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
    public float[] Image { get; set; } = [];

    public byte[] Annotations { get; set; } = [];
}
