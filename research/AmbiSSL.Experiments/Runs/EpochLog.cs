using System.Diagnostics;
using AmbiSSL.Cli.Output;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Runs;

/// <summary>
/// What a run is like after each epoch: loss terms, steps and seconds so far, and figures where images are given for them. It is kept beside
/// the checkpoint, so that a run that was interrupted goes on with it.
/// </summary>
internal sealed class EpochLog
{
    private const string Training = "training";

    private readonly string _file;
    private readonly string _name;
    private readonly TextWriter _output;
    private readonly IReadOnlyList<EpochScores> _scores;
    private readonly List<CurveRow> _rows;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _secondsBefore;

    /// <param name="folder">The run's own folder.</param>
    /// <param name="name">What the line of an epoch begins with.</param>
    /// <param name="output">Receives a line for each epoch.</param>
    /// <param name="scores">Scores the model after each epoch, which takes time.</param>
    public EpochLog(string folder, string name, TextWriter output, IReadOnlyList<EpochScores> scores)
    {
        (_file, _name, _output, _scores) = (Path.Combine(folder, "epochs.csv.gz"), name, output, scores);
        _rows = File.Exists(_file) ? [.. CsvFile.ReadRows<CurveRow>(_file)] : [];
        _secondsBefore = Last("seconds");
    }

    /// <summary>A row for each value after each epoch.</summary>
    public IReadOnlyList<CurveRow> Rows => _rows;

    /// <summary>Optimization steps until the end of the last epoch.</summary>
    public long Steps => (long)Last("steps");

    /// <summary>Seconds until the end of the last epoch, without those that an interruption lost.</summary>
    public double Seconds => Last("seconds");

    /// <summary>Adds an epoch.</summary>
    /// <param name="value">What is known of it.</param>
    /// <param name="model">The model so far; null where the part of the method that predicts has not begun to learn.</param>
    public void Add(TrainingProgress value, SegmentationModel? model)
    {
        // An epoch whose end no checkpoint knew is done again.
        _rows.RemoveAll(row => row.Epoch >= value.Epoch);
        foreach (var (name, loss) in value.Losses)
        {
            AddRow(Training, name, loss);
        }

        AddRow(Training, "steps", (double)value.Epoch * value.StepsPerEpoch);
        AddRow(Training, "seconds", _secondsBefore + _watch.Elapsed.TotalSeconds);
        foreach (var images in _scores)
        {
            foreach (var (figure, mean) in model is null ? [] : images.Of(model))
            {
                AddRow(images.Part, FigureName.Of(figure), mean);
            }
        }

        CsvFile.WriteRows(_file, _rows);
        _output.WriteLine($"  {_name}: {value}");
        _output.Flush();

        void AddRow(string part, string series, double number) => _rows.Add(new CurveRow(1, value.Epoch, part, series, number));
    }

    private double Last(string series) => _rows.LastOrDefault(row => row.Part == Training && row.Series == series)?.Value ?? 0;
}
