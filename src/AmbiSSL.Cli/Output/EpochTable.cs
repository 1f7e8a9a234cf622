using System.Globalization;

namespace AmbiSSL.Cli.Output;

/// <summary>A CSV file with a row for each epoch of a training: its losses, its speed and, where the model was validated, the figures.</summary>
/// <param name="path">The file. One that is there is replaced, or, by a training that goes on from a checkpoint, gone on with.</param>
internal sealed class EpochTable(string path)
{
    private const string Epoch = "epoch";

    private List<KeyValuePair<string, string>[]>? _rows;

    /// <summary>Adds an epoch.</summary>
    public void Add(TrainingProgress progress)
    {
        _rows ??= [.. progress.Epoch > 1 && File.Exists(path) ? Read().Where(row => IsBefore(row, progress.Epoch)) : []];
        _rows.Add(
        [
            KeyValuePair.Create(Epoch, Text(progress.Epoch)),
            .. progress.Losses.Select(loss => KeyValuePair.Create(loss.Key, Text(loss.Value))),
            KeyValuePair.Create("imagesPerSecond", Text(progress.ImagesPerSecond)),
            .. progress.Validation is { } scores
                ? Figure.All.Select(figure => KeyValuePair.Create($"validation.{MetricsReport.Key(figure)}", Text(scores[figure].Mean))) : [],
        ]);
        string[] names = [.. _rows.SelectMany(row => row).Select(cell => cell.Key).Distinct()];
        CsvFile.Write(path, [names, .. _rows.Select(row => names.Select(name => row.FirstOrDefault(cell => cell.Key == name).Value))]);
    }

    /// <summary>What a report shows of the training: the loss and, where the model was validated, GED. Nothing where there is no file.</summary>
    /// <exception cref="InvalidDataException">A value is no number.</exception>
    public IEnumerable<(string Name, IReadOnlyList<(int Epoch, double Value)> Points)> Curves()
    {
        var rows = File.Exists(path) ? Read().Select(row => row.ToDictionary()).ToList() : [];
        return
            from curve in ((string Column, string Name)[])[("total", "loss"), ($"validation.{MetricsReport.Key(Figure.Ged)}", "GED of the validation images")]
            let points = rows.Where(row => row.ContainsKey(curve.Column)).Select(row => ((int)Number(row[Epoch]), Number(row[curve.Column]))).ToList()
            where points.Count > 0
            select (curve.Name, (IReadOnlyList<(int, double)>)points);
    }

    private static string Text(double number) => double.IsFinite(number) ? number.ToString(CultureInfo.InvariantCulture) : "";

    // An epoch whose end no checkpoint knew is done again.
    private static bool IsBefore(KeyValuePair<string, string>[] row, int epoch) =>
        int.TryParse(row.FirstOrDefault(cell => cell.Key == Epoch).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var earlier) && earlier < epoch;

    private double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"'{path}' has '{text}' where a number belongs; delete the file, or train again.");

    private IEnumerable<KeyValuePair<string, string>[]> Read()
    {
        var lines = File.ReadAllLines(path);
        var names = lines.Length > 0 ? lines[0].Split(',') : [];
        return lines.Skip(1).Select(line => names.Zip(line.Split(','), KeyValuePair.Create).Where(cell => cell.Value.Length > 0).ToArray());
    }
}
