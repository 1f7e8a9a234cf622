using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Experiments.Comparison;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>compare</c>: the paired difference of two rows of a table.</summary>
internal static class CompareCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var results = new ResultArguments();
        var a = new Option<string>("--a") { Description = "First row, as table names it, or NAME@SHARE for one labeled share", Required = true };
        var b = new Option<string>("--b") { Description = "Second row, subtracted from the first", Required = true };
        var seed = new Option<int>("--seed") { Description = "Seed of the resamples", DefaultValueFactory = _ => 1 };
        var figures = FiguresArguments.Names();
        var command = new Command(
            "compare",
            "Prints the difference of two rows on the same images, with the 95 % interval of 10,000 bootstrap resamples over patients, and over "
            + "patients and trainings where a fold has several seeds. Scores of an image are averaged over seeds first.")
        {
            a, b, seed, figures,
        };
        results.AddTo(command);
        command.SetAction(arguments => Compare(
            results.Folder(arguments), results.Group(arguments), arguments.GetRequiredValue(a), arguments.GetRequiredValue(b),
            arguments.GetValue(figures) ?? [Figure.Ged, Figure.DiceSoft], arguments.GetValue(seed), arguments.InvocationConfiguration.Output));
        return command;
    }

    private static void Compare(string folder, string group, string a, string b, IReadOnlyList<Figure> figures, int seed, TextWriter output)
    {
        if (figures.FirstOrDefault(figure => !figure.IsPerImage) is { } whole)
        {
            throw new UsageException($"--figures: {FigureName.Of(whole)} is computed over images, and no image alone has it; name figures of an image.");
        }

        var runs = ResultTables.ReadRuns(folder, group);
        var (all, others) = (RunLabels.Find(runs, a), RunLabels.Find(runs, b));

        // Where a share is asked for, whatever B has is what A is compared with; otherwise like with like.
        var isAsked = a.Contains('@') || b.Contains('@');
        var compared = (
            from own in all.GroupBy(run => (run.Part, run.Labeled))
            from other in others.GroupBy(run => (run.Part, run.Labeled))
            where own.Key.Part == other.Key.Part && (isAsked || own.Key.Labeled == other.Key.Labeled)
            select (Own: own, Other: other)).ToList();
        if (compared.Count == 0)
        {
            throw new UsageException($"'{a}' and '{b}' have no part and labeled share in common; name the shares, such as {a}@0.1 and {b}@1.");
        }

        var scores = ResultTables.Read(folder).Scores.ToLookup(score => score.Run);
        foreach (var (own, other) in compared)
        {
            var comparison = new PairedComparison(own, other, scores);
            output.WriteLine(FormattableString.Invariant($"{own.First().Name}@{own.Key.Labeled} - {other.First().Name}@{other.Key.Labeled}, {own.Key.Part}: ")
                + FormattableString.Invariant($"{comparison.Images} images of {comparison.Subjects} subjects, {comparison.Seeds} seeds"));
            foreach (var figure in figures)
            {
                Line(figure);
            }

            void Line(Figure figure)
            {
                var better = figure.Better == FigureDirection.Smaller ? "lower" : "higher";
                var difference = comparison.Difference(figure, seed);
                if (double.IsNaN(difference.Mean))
                {
                    output.WriteLine($"  {figure.Title}: some image of a run has none; run --figures says which are computed");
                    return;
                }

                var trainings = comparison.DifferenceOverTrainings(figure, seed) is { } wider ? $"; {Range(wider)} over patients and trainings" : "";
                output.WriteLine(
                    $"  {figure.Title}: {Number(difference.Mean)} (95 % interval {Range(difference)} over patients{trainings}); {better} is better");
            }
        }
    }

    private static string Range(ScoreInterval interval) => $"{Number(interval.Low)} to {Number(interval.High)}";

    private static string Number(double value) => (value < 0 ? "-" : "+") + FormattableString.Invariant($"{Math.Abs(value):F4}");
}
