namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Work on a CUDA device that is recorded once and then started as one: the device does thousands of small operations with no word from the host
/// between them. What the work reads and writes keeps its place in memory; new values are copied there before it starts again.
/// </summary>
/// <remarks>Upstream and when to delete this: with <see cref="CudaLibrary"/>.</remarks>
internal sealed unsafe class CudaGraph : IRecordedWork
{
    // At least the size of at::cuda::CUDAGraph, whose constructor fills what it has.
    private const int Room = 4096;

    private readonly CudaLibrary _library;
    private readonly CudaLibrary.Pair _pool;
    private void* _graph;

    private CudaGraph(CudaLibrary library, CudaLibrary.Pair pool)
    {
        _library = library;
        _pool = pool;
        _graph = System.Runtime.InteropServices.NativeMemory.AllocZeroed(Room);
        library.Construct(_graph);
    }

    /// <summary>Does work once as a rehearsal, in which libraries prepare what they need, and records it when it is done again.</summary>
    /// <param name="stream">Of the training; it stays the caller's.</param>
    /// <param name="rehearsal">The work, and what comes of it counts.</param>
    /// <param name="work">The same on tensors that keep their place. It is recorded and not done, and may not wait for the device.</param>
    /// <param name="before">A graph of the same stream that is never replayed at the same time and lends its memory; null for none.</param>
    /// <exception cref="InvalidOperationException">The work cannot be recorded, and then this process cannot go on with the device.</exception>
    public static IRecordedWork Record(CudaStream stream, Action rehearsal, Action work, IRecordedWork? before)
    {
        var library = stream.Library;
        var graph = new CudaGraph(library, (before as CudaGraph)?._pool ?? library.NewPool());
        library.Record(graph._graph, graph._pool, stream.Device, stream.Recording, rehearsal, work);
        return graph;
    }

    /// <inheritdoc/>
    public void Replay() => _library.Replay(_graph);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_graph is not null)
        {
            _library.Destroy(_graph);
            System.Runtime.InteropServices.NativeMemory.Free(_graph);
            _graph = null;
        }
    }
}
