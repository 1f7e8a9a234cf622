using AmbiSSL.Torch.Onnx;

namespace AmbiSSL.Torch.Methods;

/// <summary>Probabilities of the classes in a graph.</summary>
/// <param name="Samples">Of N samples, [B, N, K, H, W].</param>
/// <param name="Annotators">Of each annotator's own mask, [B, A, K, H, W]; null where the method does not know its annotators apart.</param>
internal sealed record OnnxProbabilities(OnnxValue Samples, OnnxValue? Annotators = null);
