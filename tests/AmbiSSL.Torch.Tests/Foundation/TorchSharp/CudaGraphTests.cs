using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class CudaGraphTests : TorchFixture
{
    [Test]
    public void Without_CUDA_there_are_neither_graphs_nor_streams()
    {
        Assume.That(cuda.is_available(), Is.False);
        Assert.That((CudaLibrary.Instance, CudaStream.Take(CPU)), Is.EqualTo(((CudaLibrary?)null, (CudaStream?)null)));
    }

    [Test]
    public void Recorded_work_is_done_once_in_its_rehearsal_and_once_in_each_replay()
    {
        Assume.That(cuda.is_available());
        using var stream = CudaStream.Take(CUDA)!;
        using var number = zeros(1, device: CUDA);
        void Add() => number.add_(1);

        using var graph = CudaGraph.Record(stream, Add, Add, null);
        var rehearsed = number.item<float>();
        graph.Replay();
        graph.Replay();

        Assert.That((rehearsed, number.item<float>()), Is.EqualTo((1f, 3f)));
    }

    [Test]
    public void No_two_trainings_share_a_stream()
    {
        Assume.That(cuda.is_available());
        var taken = new Stack<CudaStream>();
        while (taken.Count <= CudaStream.Most && CudaStream.Take(CUDA) is { } stream)
        {
            taken.Push(stream);
        }

        var own = taken.SelectMany(stream => new[] { stream.Work, stream.Recording }).Distinct().Count();
        var count = taken.Count;
        while (taken.TryPop(out var stream))
        {
            stream.Dispose();
        }

        Assert.That((count, own), Is.EqualTo((CudaStream.Most, 2 * CudaStream.Most)));
    }
}
