using System.Collections.Concurrent;
using System.CommandLine;
using System.Runtime.ExceptionServices;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Commands;
using AmbiSSL.Experiments.Results;
using AmbiSSL.Experiments.Runs;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>run</c>: trains and evaluates the runs of a sweep file.</summary>
internal static class RunCommand
{
    private const string Unfinished = ".unfinished";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new DataArguments();
        var sweep = new Option<string>("--sweep") { Description = "JSON file of runs", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out")
        {
            Description = "Folder with a folder of tables for each run; what is there is not done again", Required = true,
        };
        var folds = new Option<int?>("--folds")
        {
            Description = $"Number of folds: as many as the data set names, or else {SubjectSplit.DefaultFolds}", HelpName = "N",
        };
        var fold = new Option<int?>("--fold") { Description = "The only fold to hold out; those of the sweep otherwise", HelpName = "K" };
        var validation = new Option<double?>("--validation")
        {
            Description = "Share of the training subjects to evaluate on in place of the held-out fold, which is not read: for choosing settings",
            HelpName = "F",
        }.Part();
        var curves = new Option<bool>("--curves")
        {
            Description = "Take figures after each epoch too, on the images that are evaluated on and on unlabeled training images; takes time",
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "Runs side by side in this process: on a GPU that one does not fill, "
                + "or with OMP_NUM_THREADS=1 on the cores of a CPU. Times and peak memory "
                + "are then those of all of them",
            HelpName = "N", DefaultValueFactory = _ => 1,
        }.AtLeast(1);
        var figures = new FiguresArguments();
        var device = new DeviceArgument();
        var command = new Command(
            "run",
            "Trains and evaluates the runs of a sweep file. It may be stopped at any moment and given again: what is done stays, "
            + "and a run that was under way goes on from its last epoch. Epochs are an equal budget: for the same fold and labeled subjects, every "
            + "method takes the same number of steps in an epoch. Where all subjects are labeled, an epoch is one pass over them and has fewer steps.");
        data.AddTo(command);
        foreach (var option in (Option[])[sweep, output, folds, fold, validation, curves, parallel])
        {
            command.Options.Add(option);
        }

        figures.AddTo(command);
        device.AddTo(command);

        return command.Runs((arguments, text, cancellation) =>
        {
            var planned = Sweep.Read(arguments.GetRequiredValue(sweep));
            var source = data.Open(arguments);
            int[] all = [.. SubjectSplit.Folds(source.Records, arguments.GetValue(folds), seed: 0).Values.Distinct().Order()];
            ExperimentRun[] runs =
            [
                .. planned.SelectMany(run => Held(run.Fold, arguments.GetValue(fold), all).Select(held => new ExperimentRun
                {
                    Name = run.Name,
                    Options = run.Options,
                    Members = run.Members,
                    Device = device.Value(arguments),
                    Labeled = run.Labeled,
                    Folds = all.Length,
                    Fold = held,
                    Validation = arguments.GetValue(validation),
                    Preprocessing = data.Preprocessing(arguments),
                })),
            ];
            var lines = TextWriter.Synchronized(text);
            var runner = new ExperimentRunner(source, new ImageNumbers(source), figures.Value(arguments), lines);
            RunAll(runner, runs, arguments.GetRequiredValue(output), arguments.GetValue(curves), arguments.GetValue(parallel), lines, cancellation);
        });
    }

    private static void RunAll(
        ExperimentRunner runner, IReadOnlyList<ExperimentRun> runs, string output, bool curves, int parallel, TextWriter text, CancellationToken cancellation)
    {
        try
        {
            var side = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
            Parallel.ForEach(
                Partitioner.Create(runs.Index(), EnumerablePartitionerOptions.NoBuffering),
                side,
                (planned, state) => Run(runner, planned.Item, $"[{planned.Index + 1}/{runs.Count}] {planned.Item}", output, curves, text, cancellation));
        }
        catch (AggregateException e)
        {
            // Runs that were stopped by another's failure or by the user are not the reason.
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }
    }

    private static void Run(
        ExperimentRunner runner, ExperimentRun run, string name, string output, bool curves, TextWriter text, CancellationToken cancellation)
    {
        var folder = Path.Combine(output, run.Row(runner.Fingerprint).FullName);
        if (ResultTables.AreIn(folder))
        {
            text.WriteLine($"{name}: done before");
            return;
        }

        text.WriteLine(name);
        text.Flush();
        var state = folder + Unfinished;
        var result = runner.Run(run, state, curves, cancellation);
        result.Write(folder);
        Directory.Delete(state, recursive: true);
        var row = result.Runs[0];
        text.WriteLine(
            FormattableString.Invariant($"  {row.FullName}: GED {row.Mean(Figure.Ged):F4}, Dice soft {row.Mean(Figure.DiceSoft):F4}, ")
            + FormattableString.Invariant($"match {row.Mean(Figure.DiceMatch):F4}; {row.TrainingSeconds:F0} s"));
        text.Flush();
    }

    private static int[] Held(int? planned, int? asked, int[] folds)
    {
        if ((asked ?? planned) is { } only && !folds.Contains(only))
        {
            throw new UsageException($"Fold {only} does not exist; give one of {string.Join(", ", folds)}.");
        }

        return (planned, asked) switch
        {
            ({ } fold, { } other) => fold == other ? [fold] : [],
            (null, null) => folds,
            var (fold, other) => [(fold ?? other)!.Value],
        };
    }
}
