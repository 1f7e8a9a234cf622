using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// A stream of a CUDA device for one piece of work and all its threads, and another one on which it is recorded. What goes to different streams the device
/// does side by side, where one does not fill it; without, threads of a process take turns.
/// </summary>
/// <remarks>Upstream and when to delete this: with <see cref="CudaLibrary"/>.</remarks>
internal sealed class CudaStream : IDisposable
{
    /// <summary>Pieces of work of a device that can have streams at a time.</summary>
    public const int Most = CudaLibrary.Streams / 2;

    // Memory that a stream has used is kept for it: streams are used again. None is ever given twice: what another thread does on a stream would come into
    // what is recorded there, and graphs that were recorded on one stream share what libraries work in, and cannot run side by side.
    private static readonly Dictionary<int, Stack<(CudaLibrary.Stream Work, CudaLibrary.Stream Recording)>> Free = [];

    private readonly IDisposable _use;

    private CudaStream(CudaLibrary library, Device device, CudaLibrary.Stream work, CudaLibrary.Stream recording)
    {
        (Library, Device, Work, Recording) = (library, device, work, recording);
        library.Wait(device);
        _use = Use();
    }

    /// <summary>The functions of libtorch.</summary>
    public CudaLibrary Library { get; }

    /// <summary>The device.</summary>
    public Device Device { get; }

    /// <summary>The stream that the work goes to.</summary>
    public CudaLibrary.Stream Work { get; }

    /// <summary>The stream on which the work is recorded.</summary>
    public CudaLibrary.Stream Recording { get; }

    /// <summary>
    /// Takes a stream, to which the work of this thread goes until it is disposed; null where the device or libtorch has none, or <see cref="Most"/> are taken.
    /// </summary>
    public static CudaStream? Take(Device device)
    {
        if (device.type != DeviceType.CUDA || CudaLibrary.Instance is not { } library)
        {
            return null;
        }

        (CudaLibrary.Stream Work, CudaLibrary.Stream Recording) taken;
        lock (Free)
        {
            var index = Math.Max(device.index, 0);
            if (!Free.TryGetValue(index, out var free))
            {
                Free[index] = free = new(Enumerable.Range(0, Most).Select(_ => (library.NextStream(index), library.NextStream(index))));
            }

            if (!free.TryPop(out taken))
            {
                return null;
            }
        }

        return new CudaStream(library, device, taken.Work, taken.Recording);
    }

    /// <summary>Lets the work of this thread go to the stream until what is returned is disposed, on the same thread.</summary>
    public IDisposable Use()
    {
        var before = Library.CurrentStream(Work.DeviceIndex);
        Library.SetStream(Work);
        return new Restoring(() => Library.SetStream(before));
    }

    /// <summary>Waits for the work and gives the stream back.</summary>
    public void Dispose()
    {
        _use.Dispose();
        Library.Wait(Device);
        lock (Free)
        {
            Free[Work.DeviceIndex].Push((Work, Recording));
        }
    }

    private sealed class Restoring(Action restore) : IDisposable
    {
        public void Dispose() => restore();
    }
}
