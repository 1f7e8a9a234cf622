using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row that names its patient.</summary>
public class SubjectRow
{
    public string Subject { get; set; } = "";

    [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
    public float[] Image { get; set; } = [];

    public byte[] Annotations { get; set; } = [];
}
