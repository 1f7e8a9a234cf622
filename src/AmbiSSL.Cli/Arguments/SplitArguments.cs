using System.CommandLine;
using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The arguments that hold a fold out, and those that say whose annotations are used.</summary>
internal sealed class SplitArguments
{
    private readonly Option<int?> _folds = new("--folds")
    {
        Description = $"Number of folds: as many as the data set names, or else {SubjectSplit.DefaultFolds}", HelpName = "N",
    };

    private readonly Option<int?> _fold = new("--fold")
    {
        Description = "Fold that is held out for testing, counted from 0 where the data set names none", HelpName = "K",
    };

    private readonly Option<string> _labeled = new("--labeled")
    {
        Description = "Share of the training subjects whose annotations are used, or a file that names them, one a line",
        HelpName = "R|FILE",
        DefaultValueFactory = _ => "1",
    };

    private readonly Option<double?> _validation = new Option<double?>("--validation")
    {
        Description = "Share of the labeled subjects that are not trained on but validated on: the epoch with the lowest GED on them is kept",
        HelpName = "R",
    }.Part();

    /// <summary>Adds --folds and --fold to a command that looks at one fold.</summary>
    public void AddFoldTo(Command command)
    {
        command.Options.Add(_folds);
        command.Options.Add(_fold);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_folds) is not null && result.GetResult(_fold) is null)
            {
                result.AddError("--folds says how many folds there are; give --fold K too, the one that is held out.");
            }
        });
    }

    /// <summary>Adds --labeled and --validation to a command that trains.</summary>
    public void AddTrainingTo(Command command)
    {
        command.Options.Add(_labeled);
        command.Options.Add(_validation);
    }

    /// <summary>The number of folds that was given.</summary>
    public int? Folds(ParseResult result) => result.GetValue(_folds);

    /// <summary>The fold that was given.</summary>
    public int? Fold(ParseResult result) => result.GetValue(_fold);

    /// <summary>The share or file that was given.</summary>
    public string Labeled(ParseResult result) => result.GetRequiredValue(_labeled);

    /// <summary>The share to validate on that was given.</summary>
    public double? Validation(ParseResult result) => result.GetValue(_validation);

    /// <summary>The subjects on both sides: all of them to train on where no fold is held out.</summary>
    /// <exception cref="UsageException">There is no such fold.</exception>
    public DataSplit Split(ParseResult result, ImageSource source, int seed) =>
        Fold(result) is { } fold ? DataSplit.HoldOut(source.Records, Folds(result), fold, seed) : DataSplit.All(source.Records);

    /// <summary>The training subjects whose annotations are used.</summary>
    /// <exception cref="UsageException">The argument is neither a share nor a file.</exception>
    /// <exception cref="InvalidDataException">The file names a subject that is not there to train on.</exception>
    public IReadOnlySet<string> LabeledSubjects(ParseResult result, DataSplit split, int seed) =>
        Data.LabeledSubjects.Choose(Labeled(result), split, seed);
}
