using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// A stream of a CUDA device for one piece of work and all its threads. What goes to different streams the device does side by side, where one does not
/// fill it; without, threads of a process take turns.
/// </summary>
/// <remarks>Upstream and when to delete this: with <see cref="CudaLibrary"/>.</remarks>
internal sealed class CudaStream : IDisposable
{
    // Memory that a stream has used is kept for it: streams are used again.
    private static readonly ConcurrentDictionary<int, ConcurrentBag<CudaLibrary.Stream>> Free = new();

    private readonly CudaLibrary _library;
    private readonly Device _device;
    private readonly CudaLibrary.Stream _stream;
    private readonly IDisposable _use;

    private CudaStream(CudaLibrary library, Device device)
    {
        _library = library;
        _device = device;
        var index = Math.Max(device.index, 0);
        _stream = FreeOf(index).TryTake(out var free) ? free : library.NewStream(index);
        library.Wait(device);
        _use = Use();
    }

    /// <summary>Takes a stream, to which the work of this thread goes until it is disposed; null where the device or libtorch has none.</summary>
    public static CudaStream? Take(Device device) =>
        device.type == DeviceType.CUDA && CudaLibrary.Instance is { } library ? new CudaStream(library, device) : null;

    /// <summary>Lets the work of this thread go to the stream until what is returned is disposed, on the same thread.</summary>
    public IDisposable Use()
    {
        var before = _library.CurrentStream(_stream.DeviceIndex);
        _library.SetStream(_stream);
        return new Restoring(() => _library.SetStream(before));
    }

    /// <summary>Waits for the work and gives the stream back.</summary>
    public void Dispose()
    {
        _use.Dispose();
        _library.Wait(_device);
        FreeOf(_stream.DeviceIndex).Add(_stream);
    }

    private static ConcurrentBag<CudaLibrary.Stream> FreeOf(int device) => Free.GetOrAdd(device, _ => []);

    private sealed class Restoring(Action restore) : IDisposable
    {
        public void Dispose() => restore();
    }
}
