using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Functions of libtorch for CUDA graphs and streams, by the names that they have on Linux.</summary>
/// <remarks>
/// Upstream: TorchSharp has neither graphs nor streams; these are the functions that PyTorch's <c>torch.cuda.graph</c> and <c>torch.cuda.stream</c> call.
/// When to delete this: when TorchSharp has both.
/// </remarks>
internal sealed unsafe class CudaLibrary
{
    /// <summary>Streams that libtorch has for a device.</summary>
    public const int Streams = 32;

    private static readonly Lazy<CudaLibrary?> Found = new(Find);

    // Whoever waits for a device while a recording is under way, on whichever thread, ends the recording.
    private readonly object _recordings = new();

    private readonly delegate* unmanaged<void*, byte, void> _construct;
    private readonly delegate* unmanaged<void*, void> _destroy;
    private readonly delegate* unmanaged<void*, Pair, int, void> _begin;
    private readonly delegate* unmanaged<void*, void> _end;
    private readonly delegate* unmanaged<void*, void> _replay;
    private readonly delegate* unmanaged<Pair> _newPool;
    private readonly delegate* unmanaged<byte, sbyte, Stream> _nextStream;
    private readonly delegate* unmanaged<sbyte, Stream> _currentStream;
    private readonly delegate* unmanaged<Stream, void> _setStream;
    private readonly delegate* unmanaged<sbyte, sbyte> _exchangeDevice;

    private CudaLibrary(nint torch, nint torchCuda, nint coreCuda)
    {
        _construct = (delegate* unmanaged<void*, byte, void>)NativeLibrary.GetExport(torchCuda, "_ZN2at4cuda9CUDAGraphC1Eb");
        _destroy = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(torchCuda, "_ZN2at4cuda9CUDAGraphD1Ev");
        _begin = (delegate* unmanaged<void*, Pair, int, void>)NativeLibrary.GetExport(
            torchCuda, "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode");
        _end = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(torchCuda, "_ZN2at4cuda9CUDAGraph11capture_endEv");
        _replay = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(torchCuda, "_ZN2at4cuda9CUDAGraph6replayEv");
        _newPool = (delegate* unmanaged<Pair>)NativeLibrary.GetExport(torchCuda, "_ZN2at4cuda17graph_pool_handleEv");
        _nextStream = (delegate* unmanaged<byte, sbyte, Stream>)NativeLibrary.GetExport(coreCuda, "_ZN3c104cuda17getStreamFromPoolEba");
        _currentStream = (delegate* unmanaged<sbyte, Stream>)NativeLibrary.GetExport(coreCuda, "_ZN3c104cuda20getCurrentCUDAStreamEa");
        _setStream = (delegate* unmanaged<Stream, void>)NativeLibrary.GetExport(coreCuda, "_ZN3c104cuda20setCurrentCUDAStreamENS0_10CUDAStreamE");
        _exchangeDevice = (delegate* unmanaged<sbyte, sbyte>)NativeLibrary.GetExport(torch, "_ZN2at11accelerator14exchangeDeviceEa");
    }

    /// <summary>The functions; null where libtorch has no CUDA or other ones.</summary>
    public static CudaLibrary? Instance => Found.Value;

    /// <summary>Makes a graph in memory that has room for it.</summary>
    public void Construct(void* graph) => _construct(graph, 0);

    /// <summary>Ends a graph.</summary>
    public void Destroy(void* graph) => _destroy(graph);

    /// <summary>Starts the work of a graph.</summary>
    public void Replay(void* graph) => _replay(graph);

    /// <summary>A pool of memory that graphs can share.</summary>
    public Pair NewPool() => _newPool();

    /// <summary>The next of the <see cref="Streams"/> streams of a device beside its first; after the last one comes the first again.</summary>
    public Stream NextStream(int device) => _nextStream(0, (sbyte)device);

    /// <summary>The stream that this thread's work on a device goes to.</summary>
    public Stream CurrentStream(int device) => _currentStream((sbyte)device);

    /// <summary>Sets it.</summary>
    public void SetStream(Stream stream) => _setStream(stream);

    /// <summary>Waits until a device has done all work.</summary>
    public void Wait(Device device)
    {
        lock (_recordings)
        {
            cuda.synchronize(device);
        }
    }

    /// <summary>Records work into a graph, after a rehearsal, both on a stream that nothing else is on.</summary>
    /// <exception cref="InvalidOperationException">The work cannot be recorded; this process cannot go on with the device.</exception>
    public void Record(void* graph, Pair pool, Device device, Stream stream, Action rehearsal, Action work)
    {
        lock (_recordings)
        {
            var (previous, current) = (_exchangeDevice(stream.DeviceIndex), CurrentStream(stream.DeviceIndex));
            cuda.synchronize(device);
            SetStream(stream);
            try
            {
                rehearsal();
                cuda.synchronize(device);
                Record(graph, pool, work);
            }
            finally
            {
                SetStream(current);
                _exchangeDevice(previous);
            }

            cuda.synchronize(device);
        }
    }

    private void Record(void* graph, Pair pool, Action work)
    {
        const int ForbidsThisThreadAlone = 1;
        try
        {
            _begin(graph, pool, ForbidsThisThreadAlone);
            work();
            _end(graph);
        }
        catch (ExternalException e)
        {
            // To end a recording that has failed ends the process.
            throw new InvalidOperationException(
                $"A step of this training cannot be recorded as a CUDA graph: {e.Message.Split('\n')[0]}. Start the program again with UseCudaGraphs = false.",
                e);
        }
    }

    private static CudaLibrary? Find()
    {
        TorchRuntime.EnsureLoaded();
        try
        {
            return NativeLibrary.TryLoad("libtorch_cpu.so", out var torch)
                && NativeLibrary.TryLoad("libtorch_cuda.so", out var torchCuda)
                && NativeLibrary.TryLoad("libc10_cuda.so", out var coreCuda)
                ? new CudaLibrary(torch, torchCuda, coreCuda)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A std::pair of numbers, which stands for a pool of memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Pair(ulong First, ulong Second);

    /// <summary>c10::cuda::CUDAStream.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Stream(sbyte DeviceType, sbyte DeviceIndex, long Id);
}
