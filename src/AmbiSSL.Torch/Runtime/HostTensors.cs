using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Runtime;

/// <summary>Copies tensors from the host's memory to a device.</summary>
internal static class HostTensors
{
    /// <summary>
    /// The tensor on a device. A CUDA device takes it from pinned memory, so that nobody waits for the copy: libtorch keeps that memory until
    /// the copy is done. Where the device is the CPU, it is the tensor itself.
    /// </summary>
    public static Tensor CopyTo(this Tensor host, Device device) =>
        device.type == DeviceType.CUDA ? host.pin_memory().to(device, non_blocking: true) : host.to(device);
}
