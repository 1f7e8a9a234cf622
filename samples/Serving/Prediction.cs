namespace Serving;

/// <summary>What a prediction engine gives.</summary>
public sealed class Prediction
{
    /// <summary>[N, H, W] of 0 and 1.</summary>
    public byte[] Masks { get; set; } = [];

    /// <summary>[H, W], 0 to 1.</summary>
    public float[] Probability { get; set; } = [];

    /// <summary>[H, W], 0 to 1.</summary>
    public float[] Uncertainty { get; set; } = [];
}
