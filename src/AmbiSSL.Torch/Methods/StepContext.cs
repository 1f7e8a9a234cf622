using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Methods;

/// <summary>Where a run stands at a step, and its source of randomness.</summary>
/// <param name="Epoch">Current epoch, from 0.</param>
/// <param name="Epochs">Epochs of the run.</param>
/// <param name="Random">Draws what is random in the step.</param>
internal sealed record StepContext(int Epoch, int Epochs, IRandomTensors Random);
