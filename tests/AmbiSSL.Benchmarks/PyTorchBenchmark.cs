using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>The same network, batch and threads in PyTorch: training step and sampling, a process each, in turns.</summary>
internal static class PyTorchBenchmark
{
    public static void Run(Precision precision, Precision peerPrecision, ComputeDevice choice, int turns)
    {
        Device device;
        try
        {
            device = choice.Resolve();
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine($"Skipped: {e.Message}");
            return;
        }

        if (PeerPair.FindPython() is not { } python)
        {
            return;
        }

        foreach (var (name, backbone) in UntrainedModel.BackbonesIn(precision))
        {
            var title = $"{name} ({peerPrecision} in PyTorch)";
            using var pair = new PeerPair(
                python, title, UntrainedModel.Options(backbone, precision), StepBenchmark.Side, peerPrecision, device, DeviceWork.Repetitions(device),
                Sampled(device));
            Compare(title, pair, device, turns);
        }
    }

    /// <summary>Images that masks are drawn for: few on a CPU, which takes as long for each.</summary>
    private static int Sampled(Device device) => device.type == DeviceType.CUDA ? 64 : StepBenchmark.HalfBatch;

    private static void Compare(string name, PeerPair pair, Device device, int turns)
    {
        (string, string)[] works =
        [
            ($"training step, batch {StepBenchmark.HalfBatch}+{StepBenchmark.HalfBatch}, {device}", "step"),
            ($"{Worker.Samples} masks for {Sampled(device)} images", "sample"),
        ];
        foreach (var (work, command) in works)
        {
            var times = pair.Turns(command, turns);
            Console.WriteLine($"{name}: {work}, {get_num_threads()} threads: ours over PyTorch's: processor time {Statistics.ProcessorRatio(times):F2}, "
                + $"wall time {Statistics.WallRatio(times):F2} ({Statistics.MedianSeconds(times.Ours):F3} s, {Statistics.MedianSeconds(times.Peer):F3} s)");
        }

        var (ownPeak, peerPeak) = pair.Ask("peak");
        Console.WriteLine($"{name}: peak resident memory, ours over PyTorch's: {ownPeak / peerPeak:F2} ({ownPeak:F0} MiB, {peerPeak:F0} MiB)");
    }
}
