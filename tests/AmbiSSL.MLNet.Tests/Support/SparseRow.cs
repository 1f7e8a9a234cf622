using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose image and annotations may be sparse.</summary>
public sealed class SparseRow
{
    [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
    public VBuffer<float> Image { get; set; }

    [VectorType]
    public VBuffer<byte> Annotations { get; set; }
}
