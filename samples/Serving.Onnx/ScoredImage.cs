using Microsoft.ML.Data;

namespace ServingOnnx;

/// <summary>What the model says of an image; columns are named after the outputs of the file.</summary>
public sealed class ScoredImage
{
    /// <summary>[N, H, W] of 0 and 1.</summary>
    [ColumnName("masks")]
    public byte[] Masks { get; set; } = [];

    /// <summary>[H, W], 0 to 1.</summary>
    [ColumnName("probability")]
    public float[] Probability { get; set; } = [];

    /// <summary>[H, W] in bits, 0 to 1.</summary>
    [ColumnName("uncertainty")]
    public float[] Uncertainty { get; set; } = [];
}
