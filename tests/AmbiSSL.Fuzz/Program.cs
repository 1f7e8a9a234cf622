using System.CommandLine;
using System.Diagnostics;
using AmbiSSL.Fuzz;
using AmbiSSL.Fuzz.Targets;

// What FuzzRun starts.
switch (args)
{
    case ["batch", var name, var seed, var first, var count, var folder, var failures]:
        new FuzzWorker(AllTargets.Find(name), folder, failures).Check(int.Parse(seed), int.Parse(first), int.Parse(count));
        return 0;
    case ["kept", var name, var kept, var folder, var failures]:
        new FuzzWorker(AllTargets.Find(name), folder, failures).Check(Directory.GetFiles(kept).Order(StringComparer.Ordinal));
        return 0;
}

var mutants = new Argument<int>("count") { Description = "Mutants of each kind of file", DefaultValueFactory = _ => 1000 };
var kinds = new Option<string[]>("--target")
{
    Description = $"Kinds of files: {string.Join(", ", AllTargets.List.Select(target => target.Name))}; all by default", AllowMultipleArgumentsPerToken = true,
};
kinds.AcceptOnlyFromAmong([.. AllTargets.List.Select(target => target.Name)]);
var number = new Option<int>("--seed") { Description = "Another seed, other mutants", DefaultValueFactory = _ => 1 };
var keep = new Option<string>("--failures") { Description = "Where files that break an invariant are kept", DefaultValueFactory = _ => "fuzz-failures" };
var command = new RootCommand("Reads damaged files of every kind in processes of their own, and tells what breaks an invariant.")
{
    mutants, kinds, number, keep,
};
command.SetAction(result =>
{
    var names = result.GetValue(kinds)!;
    var run = new FuzzRun("AmbiSSL.Fuzz", Path.GetFullPath(result.GetValue(keep)!));
    foreach (var target in AllTargets.List.Where(target => names.Length == 0 || names.Contains(target.Name)))
    {
        var (watch, taken, problems) = (Stopwatch.StartNew(), run.Taken, run.Problems.Count);
        run.CheckKept(target);
        run.Check(target, result.GetValue(number), result.GetValue(mutants));
        Console.WriteLine(
            $"{target.Name,-12} {result.GetValue(mutants)} mutants, {run.Taken - taken} taken for good, {run.Problems.Count - problems} failed, "
            + $"{watch.Elapsed.TotalSeconds:F0} s. {target.Invariant}");
        foreach (var problem in run.Problems.Skip(problems))
        {
            Console.WriteLine($"  {problem}");
        }
    }

    return run.Problems.Count == 0 ? 0 : 1;
});
return command.Parse(args).Invoke();
