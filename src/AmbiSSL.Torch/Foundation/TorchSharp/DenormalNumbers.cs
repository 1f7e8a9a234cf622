using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Numbers so small (below 1e-38) that the processor computes them many times slower. Saturated predictions and the optimizer's squared
/// gradients are full of them; taken for zero they cost nothing. While an object of this type lives, the thread that made it takes them
/// so, and so do the worker threads that libtorch starts for it meanwhile. Elsewhere than on x86-64 glibc nothing is done.
/// </summary>
/// <remarks>
/// Upstream: not reported. TorchSharp 0.107 does not bind libtorch's <c>set_flush_denormal</c>. When to delete this: when it does, and says
/// what was set before, so that it can be set back.
/// </remarks>
internal readonly ref struct DenormalNumbers
{
    // The layout of fenv_t there: 28 bytes of the x87 unit, then the control register of the SSE unit.
    private const int EnvironmentSize = 32;
    private const int ControlRegister = 28;
    private const uint FlushToZero = 1u << 15;
    private const uint DenormalsAreZero = 1u << 6;

    private readonly uint _added;

    private DenormalNumbers(uint added) => _added = added;

    /// <summary>Takes them for zero until the result is disposed, on the same thread.</summary>
    public static DenormalNumbers TakeForZero()
    {
        var added = (FlushToZero | DenormalsAreZero) & ~ReadControl();
        WriteControl(set: added, clear: 0);
        return new DenormalNumbers(added);
    }

    /// <summary>Computes them again as the thread did before.</summary>
    public void Dispose() => WriteControl(set: 0, clear: _added);

    private static bool IsSupported { get; } = OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    private static uint ReadControl()
    {
        if (!IsSupported)
        {
            return FlushToZero | DenormalsAreZero;
        }

        Span<byte> environment = stackalloc byte[EnvironmentSize];
        _ = FloatingPointEnvironment.Get(environment);
        return BinaryPrimitives.ReadUInt32LittleEndian(environment[ControlRegister..]);
    }

    private static void WriteControl(uint set, uint clear)
    {
        if (!IsSupported || (set | clear) == 0)
        {
            return;
        }

        Span<byte> environment = stackalloc byte[EnvironmentSize];
        _ = FloatingPointEnvironment.Get(environment);
        var register = environment[ControlRegister..];
        BinaryPrimitives.WriteUInt32LittleEndian(register, (BinaryPrimitives.ReadUInt32LittleEndian(register) | set) & ~clear);
        _ = FloatingPointEnvironment.Set(environment);
    }
}
