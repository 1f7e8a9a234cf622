using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>The loss terms of one step, scalars without gradient in the dispose scope of the step.</summary>
/// <param name="Total">What was minimized.</param>
/// <param name="Terms">Its terms by name, before their weights, in the order in which they are shown.</param>
internal sealed record StepLosses(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);
