namespace AmbiSSL.Torch.Onnx;

/// <summary>A dimension of an input or output.</summary>
/// <param name="Name">Of a dimension that may be of any size; null where it has one.</param>
/// <param name="Size">Its size; 0 where it may be any.</param>
internal readonly record struct OnnxDimension(string? Name, long Size)
{
    public static implicit operator OnnxDimension(string name) => new(name, 0);

    public static implicit operator OnnxDimension(long size) => new(null, size);
}
