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
        static void Nothing()
        {
        }

        Assert.Multiple(() =>
        {
            Assert.That(CudaLibrary.Instance, Is.Null);
            Assert.That(CudaStream.Take(CPU), Is.Null);
            Assert.That(() => CudaGraph.Record(CPU, Nothing, Nothing, null), Throws.InvalidOperationException.With.Message.Contains("no CUDA graphs"));
        });
    }

    [Test]
    public void Recorded_work_is_done_once_in_its_rehearsal_and_once_in_each_replay()
    {
        Assume.That(cuda.is_available());
        using var stream = CudaStream.Take(CUDA);
        using var number = zeros(1, device: CUDA);
        void Add() => number.add_(1);

        using var graph = CudaGraph.Record(CUDA, Add, Add, null);
        var rehearsed = number.item<float>();
        graph.Replay();
        graph.Replay();

        Assert.That((rehearsed, number.item<float>()), Is.EqualTo((1f, 3f)));
    }
}
