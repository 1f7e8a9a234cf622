using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Random tensors on a device.</summary>
internal interface IRandomTensors
{
    /// <summary>Draws a tensor and brings it to the device, in the caller's dispose scope. It is not changed in place.</summary>
    /// <param name="draw">Draws it with a generator, on the CPU.</param>
    Tensor Draw(Func<Generator, Tensor> draw);
}
