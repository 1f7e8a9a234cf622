using System.Diagnostics;
using System.Globalization;

namespace AmbiSSL.Fuzz;

/// <summary>
/// Checks mutants in processes of their own, with limits of memory and time. Where one ends a process, by a crash of native code too, that is a
/// failed case: it is kept, and a new process goes on after it.
/// </summary>
/// <param name="host">The program in whose folder this one runs: its lists of libraries are used.</param>
/// <param name="failures">Where files that break an invariant are kept.</param>
internal sealed class FuzzRun(string host, string failures)
{
    private const int Batch = 1000;
    private const long MostResident = 900L << 20;
    private const string MostManaged = "0x20000000";
    private static readonly TimeSpan MostWork = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MostSilence = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _problems = [];

    /// <summary>What broke an invariant, a line each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>How many files were taken for good.</summary>
    public int Taken { get; private set; }

    /// <summary>Checks what was kept of earlier runs.</summary>
    public void CheckKept(FuzzTarget target)
    {
        var kept = Path.Combine(AppContext.BaseDirectory, "Failures", target.Name);
        if (Directory.Exists(kept))
        {
            RunWorker(target, ["kept", target.Name, kept]);
        }
    }

    /// <summary>Checks the mutants of numbers 0 up to a count.</summary>
    public void Check(FuzzTarget target, int seed, int count)
    {
        for (var first = 0; first < count;)
        {
            var end = Math.Min(count, first + Batch);
            var last = RunWorker(target, ["batch", target.Name, $"{seed}", $"{first}", $"{end - first}"]);
            first = last is null ? end : 1 + int.Parse(last[(last.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The name of the case at which a process ended; null where it came to its end.</summary>
    private string? RunWorker(FuzzTarget target, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-fuzz-");
        try
        {
            using var process = Process.Start(StartInfo([.. arguments, folder.FullName, failures]))!;
            var said = new WorkerOutput(problem => Add($"{target.Name} {problem}"));
            process.OutputDataReceived += (_, line) => said.Add(line.Data);
            process.ErrorDataReceived += (_, line) => said.AddError(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var end = Watch(process, said);
            process.WaitForExit();
            if (end is null && process.ExitCode == 0)
            {
                Taken += said.Taken;
                return null;
            }

            var name = said.Last ?? throw new InvalidOperationException($"The fuzzer of {target.Name} does not start: {end} {said.Error}");
            File.Copy(Path.Combine(folder.FullName, target.FileName), FuzzWorker.KeptPath(failures, target, name), overwrite: true);
            Add($"{target.Name} {name}: {end ?? $"the process ended with code {process.ExitCode}: {said.Error}"}");
            return name;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Waits for the end; what it was ended for, null where it ended by itself.</summary>
    private static string? Watch(Process process, WorkerOutput said)
    {
        var (words, workAtLastWord) = (0, TimeSpan.Zero);
        while (!process.WaitForExit(Interval))
        {
            var (resident, work) = Use(process);
            if (said.Words != words)
            {
                (words, workAtLastWord) = (said.Words, work);
            }

            var end = resident > MostResident ? $"the process took more than {MostResident >> 20} MB"
                : work - workAtLastWord > MostWork ? $"no end within {MostWork.TotalSeconds} s of a processor"
                : said.Silence > MostSilence ? $"no end within {MostSilence.TotalSeconds} s"
                : null;
            if (end is not null)
            {
                process.Kill(entireProcessTree: true);
                return end;
            }
        }

        return null;
    }

    private static (long Resident, TimeSpan Work) Use(Process process)
    {
        try
        {
            process.Refresh();
            return (process.WorkingSet64, process.TotalProcessorTime);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
            return default;
        }
    }

    private ProcessStartInfo StartInfo(string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, host);
        var info = new ProcessStartInfo("dotnet",
        [
            "exec", "--depsfile", $"{path}.deps.json", "--runtimeconfig", $"{path}.runtimeconfig.json",
            Path.Combine(AppContext.BaseDirectory, "AmbiSSL.Fuzz.dll"), .. arguments,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["DOTNET_GCHeapHardLimit"] = MostManaged;
        info.Environment["OMP_NUM_THREADS"] = "1";
        return info;
    }

    private void Add(string problem)
    {
        lock (_problems)
        {
            _problems.Add(problem);
        }
    }
}
