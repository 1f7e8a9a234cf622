using AmbiSSL.Torch.Onnx;

namespace AmbiSSL.Torch.Methods;

/// <summary>Foreground probabilities in a graph.</summary>
/// <param name="Samples">Of N samples, [B, N, H, W].</param>
/// <param name="Annotators">Of each annotator's own mask, [B, A, H, W]; null where the method does not know its annotators apart.</param>
internal sealed record OnnxProbabilities(OnnxValue Samples, OnnxValue? Annotators = null);
