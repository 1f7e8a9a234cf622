using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>The same network, batch and threads in PyTorch: training step and sampling, a process each, in turns.</summary>
internal static class PyTorchBenchmark
{
    private const int Pairs = 5;
    private const double Tolerance = 1e-4;

    public static void Run(Precision precision, Precision peerPrecision, ComputeDevice choice)
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

        if (FindPython() is not { } python)
        {
            Console.WriteLine("Skipped: neither $PYTHON nor python3 nor /usr/bin/python3 can import torch; on Debian, install python3-torch.");
            return;
        }

        foreach (var (name, backbone) in UntrainedModel.BackbonesIn(precision))
        {
            var folder = Directory.CreateTempSubdirectory("ambissl-benchmark-");
            try
            {
                Compare($"{name} ({peerPrecision} in PyTorch)", backbone, (precision, peerPrecision), folder.FullName, python, device);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static void Compare(
        string name, BackboneOptions backbone, (Precision Ours, Precision Peer) precisions, string folder, string python, Device device)
    {
        PeerFolder.Write(folder, backbone, precisions.Ours);
        var threads = get_num_threads().ToString(CultureInfo.InvariantCulture);
        var place = device.ToString();
        using var ours = WorkerProcess.OfThisProgram("worker", folder, threads, "--device", place);
        using var peer = new WorkerProcess(
            python, [Path.Combine(AppContext.BaseDirectory, "pytorch_ambissl.py"), folder, threads, place, precisions.Peer.ToString()]);
        var (ownCount, peerCount) = (ours.Ask("parameters")[0], peer.Ask("parameters")[0]);
        if (ownCount != peerCount || peer.Ask("check") is not [var logits, var loss] || !(logits <= Tolerance))
        {
            throw new InvalidOperationException($"{name}: the networks differ: {ownCount} and {peerCount} parameters, or logits by more than {Tolerance}.");
        }

        Console.WriteLine($"{name}: {ownCount:N0} parameters on both sides; theta's logits differ by {logits:E1}, the step's loss by {loss:E1} of itself");
        foreach (var (work, command) in new[] { ($"training step, batch {StepBenchmark.HalfBatch}+{StepBenchmark.HalfBatch}, {place}", "step"), ($"{Worker.Samples} masks for {StepBenchmark.HalfBatch} images", "sample") })
        {
            var (first, second) = Turns(ours, peer, command);
            Console.WriteLine($"{name}: {work}, {threads} threads: ours over PyTorch's: processor time {Statistics.ProcessorRatio((first, second)):F2}, "
                + $"wall time {Statistics.WallRatio((first, second)):F2} ({Statistics.MedianSeconds(first):F3} s, {Statistics.MedianSeconds(second):F3} s)");
        }

        var (ownPeak, peerPeak) = (ours.Ask("peak")[0], peer.Ask("peak")[0]);
        Console.WriteLine($"{name}: peak resident memory, ours over PyTorch's: {ownPeak / peerPeak:F2} ({ownPeak:F0} MiB, {peerPeak:F0} MiB)");
    }

    private static (Elapsed[] First, Elapsed[] Second) Turns(WorkerProcess ours, WorkerProcess peer, string command)
    {
        ours.Time(command);
        peer.Time(command);
        var times = Enumerable.Range(0, Pairs).Select(_ => (Ours: ours.Time(command), Peer: peer.Time(command))).ToArray();
        return ([.. times.Select(pair => pair.Ours)], [.. times.Select(pair => pair.Peer)]);
    }

    private static string? FindPython() => new[] { Environment.GetEnvironmentVariable("PYTHON"), "python3", "/usr/bin/python3" }.OfType<string>().FirstOrDefault(python =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });
}
