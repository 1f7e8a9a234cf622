using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>What a weight of a network is, or of a file, without its values.</summary>
/// <param name="Name">Its name in the state of the network.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Its sizes.</param>
internal sealed record WeightShape(string Name, ScalarType Type, IReadOnlyList<long> Shape);
