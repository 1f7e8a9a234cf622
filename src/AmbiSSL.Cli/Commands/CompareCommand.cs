using System.CommandLine;
using AmbiSSL.Cli.Experiments;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl compare</c>: the paired difference of two rows of a table.</summary>
internal static class CompareCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var results = new Option<string>("--results") { Description = "Folder that crossval --out wrote", Required = true };
        var a = new Option<string>("--a") { Description = "First run, as table names it, or NAME@SHARE for one labelled share", Required = true };
        var b = new Option<string>("--b") { Description = "Second run, subtracted from the first", Required = true };
        var seed = new Option<int>("--seed") { Description = "Seed of the resamples", DefaultValueFactory = _ => 1 };
        var command = new Command(
            "compare",
            "Prints the difference of two runs on the same images, with the 95 % interval of 10,000 bootstrap resamples over patients, and over "
            + "patients and trainings where a fold has several seeds. Scores of an image are averaged over seeds first.")
        {
            results, a, b, seed,
        };
        command.SetAction(arguments => Compare(
            new ResultFolder(arguments.GetRequiredValue(results)).ReadAll(),
            RunSelector.Parse(arguments.GetRequiredValue(a)),
            RunSelector.Parse(arguments.GetRequiredValue(b)),
            arguments.GetValue(seed),
            arguments.InvocationConfiguration.Output));
        return command;
    }

    private static void Compare(IReadOnlyList<FoldResult> results, RunSelector a, RunSelector b, int seed, TextWriter output)
    {
        var (all, other) = (a.Find(results), b.Find(results));
        var compared = 0;
        foreach (var part in results.Select(result => result.Part).Distinct())
        {
            foreach (var own in all)
            {
                // Where a share is asked for, whatever B has is what A is compared with; otherwise like with like.
                foreach (var match in other.Where(match => match.Key == own.Key || a.Labeled is not null || b.Labeled is not null))
                {
                    compared += Print(part, own, match);
                }
            }
        }

        if (compared == 0)
        {
            throw new UsageException($"'{a}' and '{b}' have no labelled share in common; name the shares, such as --a {a.Name}@0.1 --b {b.Name}@1.");
        }

        int Print(string part, IGrouping<string, FoldResult> own, IGrouping<string, FoldResult> match)
        {
            FoldResult[] first = [.. own.Where(result => result.Part == part)];
            FoldResult[] second = [.. match.Where(result => result.Part == part)];
            if (first.Length == 0 || second.Length == 0)
            {
                return 0;
            }

            var comparison = new PairedComparison(first, second);
            var seeds = comparison.Pairs.Select(pair => pair.A.Seed).Distinct().Count();
            output.WriteLine($"{a.Name}@{own.Key} - {b.Name}@{match.Key}, {part}: {comparison.Images} images of {comparison.Subjects} subjects, {seeds} seeds");
            Line("GED", "lower", image => image.Ged);
            Line("Dice soft", "higher", image => image.DiceSoft);
            return 1;

            void Line(string name, string better, Func<ImageFigures, double> figure)
            {
                var difference = comparison.Difference(figure, seed);
                var trainings = comparison.DifferenceOverTrainings(figure, seed) is { } wider ? $"; {Range(wider)} over patients and trainings" : "";
                output.WriteLine(FormattableString.Invariant(
                    $"  {name}: {difference.Mean:+0.0000;-0.0000} (95 % interval {Range(difference)} over patients{trainings}); {better} is better"));
            }
        }
    }

    private static string Range(Interval interval) => FormattableString.Invariant($"{interval.Low:+0.0000;-0.0000} to {interval.High:+0.0000;-0.0000}");
}
