using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Commands;
using AmbiSSL.Experiments.Runs;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>time</c>: times some steps of a sweep's run, and says how long its training takes.</summary>
internal static class TimeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new DataArguments();
        var sweep = new Option<string>("--sweep") { Description = "JSON file of runs", HelpName = "FILE", Required = true };
        var name = new Option<string?>("--name") { Description = "The run of the sweep that is timed: its first one otherwise" };
        var batch = new Option<int?>("--batch") { Description = "Images in a batch: as many as the run has otherwise", HelpName = "N" };
        var steps = new Option<int>("--steps") { Description = "Steps that are timed, after the first 20", DefaultValueFactory = _ => 300 }.AtLeast(1);
        var seconds = new Option<double>("--seconds") { Description = "Time after which no more steps are", DefaultValueFactory = _ => 25 }.AtLeast(1);
        var parallel = new Option<int>("--parallel") { Description = "Trainings side by side in this process", DefaultValueFactory = _ => 1 }.AtLeast(1);
        var device = new DeviceArgument();
        var command = new Command(
            "time",
            "Times some steps of a run of a sweep, as its training takes them, images read and state written included, "
            + "and says how long the whole training takes at this rate. Nothing stays. Every step sees unlabeled images, so that warm-up epochs, "
            + "which are shorter, count as the others.");
        data.AddTo(command);
        foreach (var option in (Option[])[sweep, name, batch, steps, seconds, parallel])
        {
            command.Options.Add(option);
        }

        device.AddTo(command);
        return command.Runs((arguments, text, cancellation) =>
        {
            var path = arguments.GetRequiredValue(sweep);
            var planned = Sweep.Read(path);
            var chosen = arguments.GetValue(name) is not { } only ? planned[0]
                : planned.FirstOrDefault(run => run.Name == only) ?? throw new UsageException($"Sweep '{path}' has no run '{only}'.");
            var options = chosen.Options;
            if (arguments.GetValue(batch) is { } images)
            {
                options = options with { Training = options.Training with { BatchSize = images } };
                options.Validate();
            }

            var source = data.Open(arguments);
            var folds = SubjectSplit.Folds(source.Records, numberOfFolds: null, seed: 0).Values.Distinct().Count();
            var timed = new ExperimentRun
            {
                Name = chosen.Name,
                Options = options,
                Device = device.Value(arguments),
                Labeled = chosen.Labeled,
                Folds = folds,
                Fold = chosen.Fold ?? 0,
                Preprocessing = data.Preprocessing(arguments),
            };
            var output = TextWriter.Synchronized(text);
            var limit = TimeSpan.FromSeconds(arguments.GetValue(seconds));
            Task.WhenAll(Enumerable.Range(0, arguments.GetValue(parallel)).Select(_ => Task.Factory.StartNew(
                () => output.WriteLine(TimedTraining.Measure(source, timed, arguments.GetValue(steps), limit, cancellation)),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))).GetAwaiter().GetResult();
        });
    }
}
