namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>What a prediction engine gives.</summary>
public sealed class Prediction
{
    public byte[] Masks { get; set; } = [];

    public float[] Probability { get; set; } = [];

    public float[] Uncertainty { get; set; } = [];
}
