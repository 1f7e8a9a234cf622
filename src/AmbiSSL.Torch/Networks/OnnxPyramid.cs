using AmbiSSL.Torch.Onnx;

namespace AmbiSSL.Torch.Networks;

/// <summary>What an encoder sees of images, in a graph.</summary>
/// <param name="Levels">Features of each level, finest first, of the padded images.</param>
/// <param name="Size">Rows and columns of the images before they were padded.</param>
internal sealed record OnnxPyramid(IReadOnlyList<OnnxValue> Levels, OnnxValue Size);
