namespace AmbiSSL.Torch.Onnx;

/// <summary>Types of a tensor's values, with ONNX's numbers.</summary>
internal enum OnnxType
{
    /// <summary>Floating-point numbers of 32 bits.</summary>
    Float = 1,

    /// <summary>Bytes.</summary>
    UInt8 = 2,

    /// <summary>Whole numbers of 8 bits with a sign.</summary>
    Int8 = 3,

    /// <summary>Whole numbers of 32 bits.</summary>
    Int32 = 6,

    /// <summary>Whole numbers of 64 bits.</summary>
    Int64 = 7,
}
