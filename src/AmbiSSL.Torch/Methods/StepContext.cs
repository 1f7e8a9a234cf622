using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>Where a run stands at a step, and its source of randomness.</summary>
/// <param name="Epoch">Current epoch, from 0.</param>
/// <param name="Epochs">Epochs of the run.</param>
/// <param name="Generator">CPU generator of the run; everything random is drawn from it.</param>
internal sealed record StepContext(int Epoch, int Epochs, Generator Generator);
