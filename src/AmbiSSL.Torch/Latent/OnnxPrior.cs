using AmbiSSL.Torch.Onnx;

namespace AmbiSSL.Torch.Latent;

/// <summary>The normal prior of images in a graph.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Location">[B, 1, D].</param>
/// <param name="LogScale">[B, 1, D], natural logarithm of the standard deviation.</param>
internal sealed record OnnxPrior(OnnxGraph Graph, OnnxValue Location, OnnxValue LogScale)
{
    /// <summary>Codes [B, N, D] for standard normal noise [B, N, D].</summary>
    public OnnxValue Codes(OnnxValue noise) => Graph.Add(Location, Graph.Multiply(Graph.Apply("Exp", [LogScale]), noise));
}
