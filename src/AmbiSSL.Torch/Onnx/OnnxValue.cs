namespace AmbiSSL.Torch.Onnx;

/// <summary>A tensor of a graph: an input, a constant, or what an operation gives.</summary>
/// <param name="Name">Its name in the graph.</param>
internal readonly record struct OnnxValue(string Name);
