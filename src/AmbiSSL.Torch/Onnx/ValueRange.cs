using static TorchSharp.torch;

namespace AmbiSSL.Torch.Onnx;

/// <summary>The smallest and the largest of the values that a tensor had: what integers of 8 bits are spread over.</summary>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
internal readonly record struct ValueRange(float Low, float High)
{
    /// <summary>The range after a ReLU.</summary>
    public ValueRange Rectified => new(Math.Max(Low, 0), Math.Max(High, 0));

    /// <summary>What one step of the integers is; 0 is one of them.</summary>
    public float Step => Width > 0 ? Width / byte.MaxValue : 1;

    /// <summary>The integer that stands for 0.</summary>
    public byte Zero => (byte)Math.Round(-Math.Min(Low, 0) / Step);

    private float Width => Math.Max(High, 0) - Math.Min(Low, 0);

    /// <summary>The range of a tensor's values.</summary>
    public static ValueRange Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        return new ValueRange(Number(values.min()), Number(values.max()));
    }

    /// <summary>The range of the values of both.</summary>
    public ValueRange With(ValueRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    private static float Number(Tensor value) => value.to(ScalarType.Float32).item<float>();
}
