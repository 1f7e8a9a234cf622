using System.Diagnostics;
using System.Globalization;

namespace AmbiSSL.Fuzz;

/// <summary>What a worker has said so far.</summary>
/// <param name="fail">Is told of each case that failed and why.</param>
internal sealed class WorkerOutput(Action<string> fail)
{
    private const int MostError = 2000;

    private readonly Stopwatch _silence = Stopwatch.StartNew();

    /// <summary>The case that was begun last.</summary>
    public string? Last { get; private set; }

    /// <summary>How many lines it wrote.</summary>
    public int Words { get; private set; }

    /// <summary>How many files were taken for good; known at the end.</summary>
    public int Taken { get; private set; }

    /// <summary>The beginning of what it wrote as errors.</summary>
    public string Error { get; private set; } = "";

    /// <summary>For how long it has said nothing.</summary>
    public TimeSpan Silence => _silence.Elapsed;

    public void Add(string? line)
    {
        _silence.Restart();
        Words++;
        if (line is null)
        {
            return;
        }

        if (line.StartsWith(FuzzWorker.Next, StringComparison.Ordinal))
        {
            Last = line[FuzzWorker.Next.Length..];
        }
        else if (line.StartsWith(FuzzWorker.Failed, StringComparison.Ordinal))
        {
            fail($"{Last}: {line[FuzzWorker.Failed.Length..]}");
        }
        else if (line.StartsWith(FuzzWorker.Taken, StringComparison.Ordinal))
        {
            Taken = int.Parse(line[FuzzWorker.Taken.Length..], CultureInfo.InvariantCulture);
        }
    }

    public void AddError(string? line)
    {
        if (Error.Length < MostError)
        {
            Error += $" {line}";
        }
    }
}
