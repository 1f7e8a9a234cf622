using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>A part of the loss of one step that shares nothing but weights with the others; scalars in the dispose scope it was made in.</summary>
/// <param name="Total">What is minimized.</param>
/// <param name="Terms">What it is made of, by name and before their weights, in the order in which they are shown.</param>
internal sealed record LossPart(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);
