using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Random tensors, drawn on the CPU, so that a seed gives the same ones whatever computes with them.</summary>
/// <param name="generator">On the CPU; it stays the caller's.</param>
/// <param name="device">Where the tensors are to be.</param>
internal sealed class DeviceRandom(Generator generator, Device device) : IRandomTensors
{
    /// <inheritdoc/>
    public Tensor Draw(Func<Generator, Tensor> draw) => draw(generator).ToDevice(device);
}
