using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Commands;
using AmbiSSL.Cli.Data;
using AmbiSSL.Experiments.Outlining;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>outline</c>: compares rules by which images are chosen that are outlined next.</summary>
internal static class OutlineCommand
{
    private const int PoolImages = 150;
    private const int TestImages = 100;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new DataArguments(isRequired: false);
        var output = new Option<string>("--out") { Description = "Folder with a table for each seed; what is there is not done again", Required = true };
        var seeds = Count("--seeds", "Number of seeds, from 1", 8);
        var first = Count("--first", "Images of as many patients, drawn by chance, that are outlined before a rule chooses", 4);
        var step = Count("--step", "Images of as many further patients that each round adds", 6);
        var rounds = Count("--rounds", "Rounds of choosing", 2);
        var training = Count("--steps", "Steps of each training, however much is outlined", 200);
        var command = new Command(
            "outline",
            "Outlines one image each of further patients round after round, as each rule chooses them, trains after each round, "
            + "and prints GED over outlined images with intervals over seeds: of synthetic lesions, or of a data set, of which another quarter of the subjects "
            + "is held out for each seed. It may be stopped and given again.");
        data.AddTo(command);
        foreach (var option in (Option[])[output, seeds, first, step, rounds, training])
        {
            command.Options.Add(option);
        }

        return command.Runs((arguments, text, cancellation) =>
        {
            var setting = new OutlineSetting(arguments.GetValue(first), arguments.GetValue(step), arguments.GetValue(rounds), arguments.GetValue(training));
            var source = data.IsGiven(arguments) ? data.Open(arguments) : null;
            var rows = new List<OutlineRow>();
            for (var seed = 1; seed <= arguments.GetValue(seeds); seed++)
            {
                var path = Path.Combine(arguments.GetRequiredValue(output), $"{seed}.csv.gz");
                if (!File.Exists(path))
                {
                    var (pool, test) = source is null ? Synthetic(seed) : Split(source, seed);
                    var done = new List<OutlineRow>();
                    foreach (var row in new OutlineRun(setting, pool, test, seed, cancellation).Rows())
                    {
                        done.Add(row);
                        text.WriteLine(
                            FormattableString.Invariant($"{row.Rule} {row.Seed}: {row.Outlined} outlined, GED {row.Ged:F4}, Dice soft {row.DiceSoft:F4}"));
                        text.Flush();
                    }

                    CsvFile.WriteRows(path, done);
                }

                rows.AddRange(CsvFile.ReadRows<OutlineRow>(path));
            }

            text.Write(OutlineTable.Write(rows));
        });
    }

    private static (ImageSource Pool, ImageSource Test) Synthetic(int seed)
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions
        {
            Images = PoolImages + TestImages, Height = 24, Width = 24, Radius = 0.16, ImagesPerSubject = 1, Seed = seed,
        });
        return (Select(lesions, position => position < PoolImages), Select(lesions, position => position >= PoolImages));
    }

    private static (ImageSource Pool, ImageSource Test) Split(ImageSource source, int seed)
    {
        var split = SubjectSplit.TrainTest(source.Records.Select(record => record.Subject), 0.25, seed);
        return (Part(split.Train), Part(split.Test));
        ImageSource Part(IReadOnlySet<string> subjects) =>
            Select(source, position => source.Records[position].IsLabeled && subjects.Contains(source.Records[position].Subject));
    }

    private static ImageSelection Select(ImageSource source, Func<int, bool> isSelected) =>
        new(source, [.. Enumerable.Range(0, source.Count).Where(isSelected)], () => { });

    private static Option<int> Count(string name, string description, int value) =>
        new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value }.AtLeast(1);
}
