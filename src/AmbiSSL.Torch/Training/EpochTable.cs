using System.Globalization;
using System.Text.Json;

namespace AmbiSSL.Torch.Training;

/// <summary>A CSV file with a row for each epoch of a training: its losses, its speed and, where the model was validated, the figures.</summary>
/// <param name="path">The file. One that is there is replaced, or, by a training that goes on from a checkpoint, gone on with.</param>
internal sealed class EpochTable(string path)
{
    /// <summary>Name of the file in <see cref="RunOptions.CheckpointDirectory"/>.</summary>
    public const string FileName = "epochs.csv";

    private const string Epoch = "epoch";

    private List<KeyValuePair<string, string>[]>? _rows;

    /// <summary>The table of a run; null where it writes none.</summary>
    public static EpochTable? Of(RunOptions run) =>
        run.EpochTablePath is { } path ? new EpochTable(path)
        : run.CheckpointDirectory is { } folder ? new EpochTable(Path.Combine(folder, FileName))
        : null;

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
                ? Figure.Usual.Select(
                    figure => KeyValuePair.Create($"validation.{JsonNamingPolicy.CamelCase.ConvertName(figure.Name)}", Text(scores[figure].Mean)))
                : [],
        ]);
        string[] names = [.. _rows.SelectMany(row => row).Select(cell => cell.Key).Distinct()];
        var lines = _rows.Select(row => string.Join(',', names.Select(name => row.FirstOrDefault(cell => cell.Key == name).Value)));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream =>
        {
            using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            text.WriteLine(string.Join(',', names));
            foreach (var line in lines)
            {
                text.WriteLine(line);
            }
        });
    }

    private static string Text(double number) => double.IsFinite(number) ? number.ToString(CultureInfo.InvariantCulture) : "";

    // An epoch whose end no checkpoint knew is done again.
    private static bool IsBefore(KeyValuePair<string, string>[] row, int epoch) =>
        int.TryParse(row.FirstOrDefault(cell => cell.Key == Epoch).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var earlier) && earlier < epoch;

    private IEnumerable<KeyValuePair<string, string>[]> Read()
    {
        var lines = File.ReadAllLines(path);
        var names = lines.Length > 0 ? lines[0].Split(',') : [];
        return lines.Skip(1).Select(line => names.Zip(line.Split(','), KeyValuePair.Create).Where(cell => cell.Value.Length > 0).ToArray());
    }
}
