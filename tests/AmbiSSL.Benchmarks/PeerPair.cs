using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>Two processes that compute the same from one folder: this program, and a Python one with PyTorch.</summary>
internal sealed class PeerPair : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ambissl-benchmark-");
    private readonly WorkerProcess _ours;
    private readonly WorkerProcess _peer;

    /// <summary>Starts both; they have the same weights, batch and number of threads.</summary>
    /// <param name="python">A Python that can import torch.</param>
    /// <param name="name">What is compared, for messages.</param>
    /// <param name="options">Of our side.</param>
    /// <param name="side">Rows and columns of the images.</param>
    /// <param name="peerPrecision">Of the other side.</param>
    /// <param name="device">Where both compute.</param>
    /// <param name="repetitions">Of each piece of work that is timed.</param>
    /// <param name="sampled">Images that masks are drawn for.</param>
    /// <exception cref="InvalidOperationException">The networks differ.</exception>
    public PeerPair(string python, string name, AmbiSSLOptions options, int side, Precision peerPrecision, Device device, int repetitions, int sampled)
    {
        PeerFolder.Write(_folder.FullName, options, side, sampled);
        string[] arguments = [_folder.FullName, get_num_threads().ToString(CultureInfo.InvariantCulture), repetitions.ToString(CultureInfo.InvariantCulture)];
        _ours = WorkerProcess.OfThisProgram(["worker", .. arguments, "--device", device.ToString()]);
        _peer = new WorkerProcess(
            python, [Path.Combine(AppContext.BaseDirectory, "pytorch_ambissl.py"), .. arguments, device.ToString(), peerPrecision.ToString()]);
        var (own, other) = Ask("parameters");
        if (own != other || _peer.Ask("check") is not [var logits, var loss] || !(logits <= Tolerance))
        {
            throw new InvalidOperationException(
                $"{name}: the networks differ: {own} and {other} parameters, or logits by more than {Tolerance} of the largest.");
        }

        Console.WriteLine(
            $"{name}: {own:N0} parameters on both sides; theta's logits differ by {logits:E1} of the largest, the step's loss by {loss:E1} of itself");
    }

    /// <summary>A number that both sides tell.</summary>
    public (double Ours, double Peer) Ask(string command) => (_ours.Ask(command)[0], _peer.Ask(command)[0]);

    /// <summary>The times of a piece of work, in turns, after one turn to warm up.</summary>
    public (Elapsed[] Ours, Elapsed[] Peer) Turns(string command, int pairs)
    {
        var times = Enumerable.Range(0, 1 + pairs).Select(_ => (Ours: _ours.Time(command), Peer: _peer.Time(command))).Skip(1).ToArray();
        return ([.. times.Select(pair => pair.Ours)], [.. times.Select(pair => pair.Peer)]);
    }

    /// <summary>A Python that can import torch; null, after a line that says so, where there is none.</summary>
    public static string? FindPython()
    {
        var found = new[] { Environment.GetEnvironmentVariable("PYTHON"), "python3", "/usr/bin/python3" }.OfType<string>().FirstOrDefault(ImportsTorch);
        if (found is null)
        {
            Console.WriteLine("Skipped: neither $PYTHON nor python3 nor /usr/bin/python3 can import torch; on Debian, install python3-torch.");
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ours.Dispose();
        _peer.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool ImportsTorch(string python)
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
    }
}
