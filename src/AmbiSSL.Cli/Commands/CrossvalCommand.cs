using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Experiments;
using AmbiSSL.Cli.Output;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl crossval</c>: trains and evaluates fold by fold, one result file each.</summary>
internal sealed class CrossvalCommand
{
    private readonly DataArguments _data = new();
    private readonly MethodArguments _method = new();

    private readonly Option<string> _labeled = new("--labeled")
    {
        Description = "Share of the training subjects that keep their annotations, or a file with one subject a line", HelpName = "R|FILE",
        DefaultValueFactory = _ => "1",
    };

    private readonly Option<int?> _folds = new("--folds") { Description = $"Number of folds: as many as the data set names, or else {SubjectSplit.DefaultFolds}", HelpName = "N" };
    private readonly Option<int?> _fold = new("--fold") { Description = "The only fold to hold out, from 0; all of them in turn otherwise", HelpName = "K" };
    private readonly Option<int?> _samples = new("--samples") { Description = "Masks drawn for each image; 10 unless said otherwise", HelpName = "N" };

    private readonly Option<double?> _validation = new("--validation")
    {
        Description = "Share of the training subjects to evaluate on in place of the held-out fold, which is not read: for choosing settings",
        HelpName = "F",
    };

    private readonly Option<string> _out = new("--out") { Description = "Folder of result files; what is there and complete is not done again", Required = true };
    private readonly Option<string?> _sweep = new("--sweep")
    {
        Description = "JSON file of runs, in place of the arguments of one method", HelpName = "FILE",
    };

    private readonly Option<string?> _json = new("--json") { Description = "File for the figures of all runs of this command, those done before included", HelpName = "FILE" };

    private readonly Option<bool> _curves = new("--curves")
    {
        Description = "Write beside each result a file .curves.csv: after each epoch the loss terms, and the figures on the images that are "
            + "evaluated on and on unlabeled training images, whose withheld annotations are used for nothing else; takes time",
    };

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "Folder for the state of the training that is under way: the same command given again goes on inside it, not before it",
        HelpName = "DIR",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create() => new CrossvalCommand().CreateCommand();

    private Command CreateCommand()
    {
        var command = new Command(
            "crossval",
            "Trains on all folds but one and evaluates on that one, for each fold, and writes a result file for each. An interrupted run leaves "
            + "nothing behind and is done again when the command is given again, or goes on where it has a --checkpoint. Epochs are an equal budget: for the same fold and labelled "
            + "subjects, every method takes the same number of steps in an epoch. Where all subjects are labelled, an epoch is one pass over "
            + "them and has fewer steps.");
        _data.AddTo(command);
        _method.AddTo(command);
        foreach (var option in (Option[])[_labeled, _folds, _fold, _samples, _validation, _out, _sweep, _json, _curves, _checkpoint])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Check);
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, cancellation), CancellationToken.None));
        return command;
    }

    private void Check(CommandResult result)
    {
        if (result.GetResult(_validation) is not null && result.GetValue(_validation) is not (> 0 and < 1))
        {
            result.AddError("--validation must lie between 0 and 1, both excluded.");
        }

        if (result.GetValue(_curves) && result.GetResult(_checkpoint) is not null)
        {
            result.AddError("--curves and --checkpoint exclude each other: curves would lack the epochs from before an interruption.");
        }

        if (result.GetResult(_sweep) is null)
        {
            return;
        }

        string[] allowed =
        [
            "--data", "--crop", "--size", "--device", "--cache-limit", _folds.Name, _fold.Name, _validation.Name, _out.Name, _sweep.Name, _json.Name,
            _curves.Name, _checkpoint.Name,
        ];
        foreach (var option in result.Children.OfType<OptionResult>().Where(option => !option.Implicit && !allowed.Contains(option.Option.Name)))
        {
            result.AddError($"{option.Option.Name} and --sweep exclude each other: write it into the sweep file.");
        }
    }

    private void Run(ParseResult arguments, CancellationToken cancellation)
    {
        var planned = arguments.GetValue(_sweep) is { } sweep ? Sweep.Read(sweep) : [Single(arguments)];
        var machine = _method.Run(arguments);
        var source = _data.Open(arguments);
        int[] folds = [.. SubjectSplit.Folds(source.Records, arguments.GetValue(_folds), seed: 0).Values.Distinct().Order()];
        ExperimentRun[] runs =
        [
            .. planned.SelectMany(run => Folds(arguments.GetValue(_fold), run.Fold, folds).Select(fold => new ExperimentRun
            {
                Name = run.Name,
                Options = run.Options,
                Run = machine,
                Labeled = run.Labeled,
                Folds = folds.Length,
                Fold = fold,
                Validation = arguments.GetValue(_validation),
                Preprocessing = _data.Preprocessing(arguments),
            })),
        ];
        var folder = new ResultFolder(arguments.GetRequiredValue(_out));
        var fingerprint = FoldParts.Fingerprint(source);
        var results = RunAll(
            source, fingerprint, runs, folder, arguments.GetValue(_curves), arguments.GetValue(_checkpoint), arguments.InvocationConfiguration.Output,
            cancellation);
        if (arguments.GetValue(_json) is { } json)
        {
            JsonFile.Write(json, new JsonArray([.. results.Select(ToJson)]));
        }
    }

    private static JsonObject ToJson(FoldResult result)
    {
        var figures = MetricsReport.ToJson(result.Figures, result.Samples);
        figures["name"] = result.Name;
        figures["method"] = result.Method;
        figures["part"] = result.Part;
        figures["labeled"] = result.Labeled;
        figures["fold"] = result.Fold;
        figures["seed"] = result.Seed;
        return figures;
    }

    private static List<FoldResult> RunAll(
        ImageSource source,
        string fingerprint,
        IReadOnlyList<ExperimentRun> runs,
        ResultFolder folder,
        bool curves,
        string? checkpoints,
        TextWriter output,
        CancellationToken cancellation)
    {
        var results = new List<FoldResult>();
        var runner = new ExperimentRunner(source, fingerprint, output);
        for (var number = 1; number <= runs.Count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var run = runs[number - 1];
            var title = $"[{number}/{runs.Count}] {run}";
            if (folder.Find(run, fingerprint, out var damage) is { } done)
            {
                results.Add(done);
                output.WriteLine($"{title}: done before");
                continue;
            }

            output.WriteLine(damage is null ? title : $"{title}: done again. {damage}");
            output.Flush();
            var checkpoint = checkpoints is null ? null : ResultFolder.CheckpointOf(checkpoints, run, fingerprint);
            var result = runner.Run(run, curves ? folder.CurvesOf(run, fingerprint) : null, checkpoint, cancellation);
            folder.Write(run, fingerprint, result);
            results.Add(result);
            if (checkpoint is not null && Directory.Exists(checkpoint))
            {
                Directory.Delete(checkpoint, recursive: true);
            }

            output.WriteLine(FormattableString.Invariant(
                $"  GED {result.Figures[Figure.Ged].Mean:F4}, Dice soft {result.Figures[Figure.DiceSoft].Mean:F4}, max {result.Figures[Figure.DiceMax].Mean:F4}, match {result.Figures[Figure.DiceMatch].Mean:F4}; {result.Cost.TrainingSeconds:F0} s"));
            output.Flush();
        }

        return results;
    }

    private SweepRun Single(ParseResult arguments)
    {
        var settings = _method.Settings(arguments);
        if (arguments.GetValue(_samples) is { } samples)
        {
            settings[nameof(SegmentationOptions.Samples)] = JsonValue.Create(samples);
        }

        var options = MethodSettings.ToOptions(settings);
        return new SweepRun(options.MethodName, options, LabeledPart.Parse(arguments.GetRequiredValue(_labeled)), null);
    }

    private static int[] Folds(int? asked, int? planned, int[] folds)
    {
        if ((asked ?? planned) is { } only && !folds.Contains(only))
        {
            throw new UsageException($"Fold {only} does not exist; give one of {string.Join(", ", folds)}.");
        }

        return (asked, planned) switch
        {
            ({ } fold, null) => [fold],
            (null, { } fold) => [fold],
            ({ } fold, { } other) => fold == other ? [fold] : [],
            _ => folds,
        };
    }
}
