using AmbiSSL.Torch.Onnx;

namespace AmbiSSL.Torch.Methods;

/// <summary>Standard normal noise in a graph, an input or a constant.</summary>
/// <param name="Samples">Of sampled masks, [B, N, D]; B may be 1 and then holds for all images, and D is 0 for methods without noise.</param>
/// <param name="Annotators">Of the annotators' own masks, [B, V, D].</param>
internal sealed record OnnxNoise(OnnxValue Samples, OnnxValue Annotators);
