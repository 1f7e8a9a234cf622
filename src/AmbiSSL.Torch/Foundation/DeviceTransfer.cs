using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Copies between the CPU and the device that computes.</summary>
internal static class DeviceTransfer
{
    /// <summary>
    /// The tensor on the device; it belongs to the caller's dispose scope. A CUDA device copies from pinned memory in its own time, while the
    /// host goes on; from ordinary memory the host would wait until all work before it is done.
    /// </summary>
    public static Tensor ToDevice(this Tensor tensor, Device device)
    {
        if (device.type != DeviceType.CUDA || tensor.device_type != DeviceType.CPU)
        {
            return tensor.to(device);
        }

        using var pinned = tensor.pin_memory();
        return pinned.to(device, non_blocking: true);
    }

    /// <summary>
    /// The tensor on the CPU, in row-major order; it belongs to the caller's dispose scope. A CUDA device copies into pinned memory in its own time: nothing is
    /// there until a number was read of what it computed later.
    /// </summary>
    public static Tensor ToHost(this Tensor tensor) => tensor.contiguous().to(CPU, non_blocking: true);
}
