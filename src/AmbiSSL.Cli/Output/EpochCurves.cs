using System.Globalization;

namespace AmbiSSL.Cli.Output;

/// <summary>What a report shows of a training, from its table of epochs (<see cref="RunOptions.EpochTablePath"/>).</summary>
internal static class EpochCurves
{
    private const string Epoch = "epoch";

    /// <summary>The loss and, where the model was validated, GED. Nothing where there is no file.</summary>
    /// <param name="path">The table.</param>
    /// <exception cref="InvalidDataException">A value is no number, or the file is no table.</exception>
    public static IEnumerable<(string Name, IReadOnlyList<(int Epoch, double Value)> Points)> Read(string path)
    {
        var rows = File.Exists(path) ? CsvFile.Read(path) : [];
        return
            from curve in ((string Column, string Name)[])[("total", "loss"), ($"validation.{FigureName.Of(Figure.Ged)}", "GED of the validation images")]
            let points = rows.Where(row => row.GetValueOrDefault(curve.Column) is { Length: > 0 })
                .Select(row => ((int)Number(row.GetValueOrDefault(Epoch, ""), path), Number(row[curve.Column], path))).ToList()
            where points.Count > 0
            select (curve.Name, (IReadOnlyList<(int, double)>)points);
    }

    private static double Number(string text, string path) => double.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"'{path}' has '{text}' where a number belongs; delete the file, or train again.");
}
