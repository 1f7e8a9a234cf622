namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row with what the model gave for it.</summary>
public sealed class ScoredRow
{
    public string Id { get; set; } = "";

    public float[] Image { get; set; } = [];

    public byte[] Annotations { get; set; } = [];

    public byte[] Masks { get; set; } = [];
}
