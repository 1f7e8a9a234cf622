using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The loss terms of one step, scalars in the dispose scope of the step.</summary>
/// <param name="Total">What is minimised.</param>
/// <param name="Terms">Its parts by name, before their weights, in the order in which they are shown.</param>
internal sealed record StepLosses(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);
