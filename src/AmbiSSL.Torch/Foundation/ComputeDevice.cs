using TorchSharp;

namespace AmbiSSL;

/// <summary>Where tensors are computed.</summary>
public readonly record struct ComputeDevice
{
    private readonly bool _isExplicit;
    private readonly int _cudaIndex;

    private ComputeDevice(bool isExplicit, int cudaIndex)
    {
        _isExplicit = isExplicit;
        _cudaIndex = cudaIndex;
    }

    /// <summary>The first CUDA device where there is one, or else the CPU.</summary>
    public static ComputeDevice Auto => default;

    /// <summary>The CPU.</summary>
    public static ComputeDevice Cpu => new(true, -1);

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static ComputeDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ComputeDevice(true, index);
    }

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static ComputeDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ToLowerInvariant() switch
        {
            "auto" => Auto,
            "cpu" => Cpu,
            "cuda" => Cuda(),
            var s when s.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(s.AsSpan(5), out var index) && index >= 0 => Cuda(index),
            _ => throw new FormatException($"'{text}' is no device; use auto, cpu, cuda or cuda:INDEX."),
        };
    }

    /// <summary>Whether this process can use it: where it is a CUDA device, libtorch sees it.</summary>
    public bool IsAvailable => _cudaIndex < 0 || !_isExplicit || _cudaIndex < CudaDevices;

    private static int CudaDevices
    {
        get
        {
            TorchRuntime.EnsureLoaded();
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => !_isExplicit ? "auto" : _cudaIndex < 0 ? "cpu" : $"cuda:{_cudaIndex}";

    /// <summary>The device of this machine that is meant.</summary>
    /// <exception cref="InvalidOperationException">It is a CUDA device that this process cannot use.</exception>
    internal torch.Device Resolve()
    {
        TorchRuntime.EnsureLoaded();
        if (_isExplicit && _cudaIndex < 0)
        {
            return torch.CPU;
        }

        var devices = CudaDevices;
        if (_cudaIndex < devices)
        {
            return new torch.Device(DeviceType.CUDA, _cudaIndex);
        }

        return !_isExplicit
            ? torch.CPU
            : throw new InvalidOperationException(
                $"Device {this} was asked for, but libtorch sees {devices} CUDA devices here; reference TorchSharp-cuda-linux or "
                + "TorchSharp-cuda-windows, or let AMBISSL_LIBTORCH name a folder with a libtorch that has CUDA, "
                + "and check the driver, or use ComputeDevice.Auto.");
    }
}
