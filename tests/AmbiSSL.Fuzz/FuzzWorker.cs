
namespace AmbiSSL.Fuzz;

/// <summary>
/// Checks mutants in this process, one after the other, and tells of each before it is read: whoever started it knows which one ended it.
/// </summary>
/// <param name="target">The kind of file.</param>
/// <param name="folder">An empty folder to write to. The file that is read is there, under the target's name for it.</param>
/// <param name="failures">Where files that break the invariant are kept.</param>
internal sealed class FuzzWorker(FuzzTarget target, string folder, string failures)
{
    /// <summary>Begins a line that tells the number of the mutant that is read next.</summary>
    public const string Next = "next ";

    /// <summary>Begins a line that tells what was wrong with it.</summary>
    public const string Failed = "failed ";

    /// <summary>Begins a line that tells how many were taken for good, at the end.</summary>
    public const string Taken = "taken ";

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(folder, target.FileName);
    private int _taken;

    /// <summary>Where a file that breaks an invariant is kept.</summary>
    public static string KeptPath(string failures, FuzzTarget target, string? name) => Path.Combine(
        Directory.CreateDirectory(Path.Combine(failures, target.Name)).FullName, $"{name}{Path.GetExtension(target.FileName)}");

    /// <summary>Checks the mutants of a range of numbers.</summary>
    public void Check(int seed, int first, int count)
    {
        Open();
        for (var number = first; number < first + count; number++)
        {
            File.WriteAllBytes(_path, Mutator.Make(target, seed, number));
            Check($"{seed}-{number}");
        }

        Console.WriteLine($"{Taken}{_taken}");
    }

    /// <summary>Checks files.</summary>
    public void Check(IEnumerable<string> files)
    {
        Open();
        foreach (var file in files)
        {
            File.Copy(file, _path, overwrite: true);
            Check(Path.GetFileNameWithoutExtension(file));
        }

        Console.WriteLine($"{Taken}{_taken}");
    }

    // Sound files first: what is made once is made, and they must be taken.
    private void Open()
    {
        TorchRuntime.EnsureLoaded();
        target.Prepare(folder);
        foreach (var sound in target.Sound)
        {
            File.WriteAllBytes(_path, sound);
            if (!target.Check(_path))
            {
                throw new InvalidOperationException($"A sound file of {target.Name} is refused: {target.Refusal}");
            }
        }
    }

    private void Check(string name)
    {
        Console.WriteLine(Next + name);
        var (time, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        string? problem = null;
        try
        {
            _taken += target.Check(_path) ? 1 : 0;
        }
        catch (Exception exception)
        {
            problem = exception is FuzzFailure ? exception.Message : exception.ToString();
        }

        (time, allocated) = (Environment.CpuUsage.TotalTime - time, GC.GetTotalAllocatedBytes() - allocated);
        problem ??= time > MostTime ? $"it took {time.TotalSeconds:F1} s of a processor" : null;
        problem ??= allocated > target.MostAllocated ? $"it took {allocated >> 20} MB" : null;
        if (problem is not null)
        {
            File.Copy(_path, KeptPath(failures, target, name), overwrite: true);
            Console.WriteLine($"{Failed}{problem.ReplaceLineEndings(" ")}");
        }
    }
}
