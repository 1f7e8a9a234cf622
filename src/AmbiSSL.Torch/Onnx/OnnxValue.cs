namespace AmbiSSL.Torch.Onnx;

/// <summary>A tensor of a graph: an input, a constant, or what an operation gives.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Range">The range of its values, where they are kept in 8 bits; null where they are not.</param>
internal readonly record struct OnnxValue(string Name, ValueRange? Range = null);
