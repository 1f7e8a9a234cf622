using System.Diagnostics;
using System.Globalization;

namespace AmbiSSL.Benchmarks;

/// <summary>A process that answers each line with a line of numbers.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    public WorkerProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>This program with a command of its own.</summary>
    public static WorkerProcess OfThisProgram(params string[] arguments) =>
        new(Environment.ProcessPath!, Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(WorkerProcess).Assembly.Location, .. arguments]
            : arguments);

    public double[] Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        return Read();
    }

    /// <summary>The next line of numbers.</summary>
    public double[] Read()
    {
        var line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The process ended without an answer; what it wrote to standard error says why.");
        return [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    /// <summary>Lets the process do a piece of work that it times itself.</summary>
    public Elapsed Time(string command) => Ask(command) is [var wall, var processor]
        ? new Elapsed(wall, processor)
        : throw new InvalidOperationException($"The answer to '{command}' is not two times.");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
