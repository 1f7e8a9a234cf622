using System.Globalization;
using CsvHelper;

namespace AmbiSSL.Experiments.Results;

/// <summary>
/// Results as a folder of three tables: <c>runs.csv.gz</c>, <c>scores.csv.gz</c> (a row for each image of each run) and <c>curves.csv.gz</c>
/// (a row for each value after each epoch). A run under way has a folder of its own, with the same tables when it is done.
/// </summary>
/// <param name="Runs">The runs.</param>
/// <param name="Scores">The scores of their images.</param>
/// <param name="Curves">Their values after each epoch.</param>
internal sealed record ResultTables(IReadOnlyList<RunRow> Runs, IReadOnlyList<ScoreRow> Scores, IReadOnlyList<CurveRow> Curves)
{
    private const string RunsFile = "runs.csv.gz";
    private const string ScoresFile = "scores.csv.gz";
    private const string CurvesFile = "curves.csv.gz";
    private const string ScoreFormat = "0.######";
    private static readonly string[] Keys = ["run", "subject", "image"];

    /// <summary>Whether a folder has tables.</summary>
    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, RunsFile));

    /// <summary>Reads a folder.</summary>
    /// <exception cref="UsageException">It has no tables.</exception>
    /// <exception cref="InvalidDataException">A table is damaged.</exception>
    public static ResultTables Read(string folder) => new(
        ReadRuns(folder), CsvFile.Read(Path.Combine(folder, ScoresFile), ReadScores), CsvFile.ReadRows<CurveRow>(Path.Combine(folder, CurvesFile)));

    /// <summary>Reads the runs of a group.</summary>
    /// <exception cref="UsageException">The folder has no tables, or they have no such group.</exception>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public static IReadOnlyList<RunRow> ReadRuns(string folder, string group)
    {
        var runs = ReadRuns(folder);
        var own = runs.Where(run => run.Group == group).ToList();
        return own.Count > 0 ? own
            : throw new UsageException($"'{folder}' has no group '{group}'; it has {string.Join(", ", runs.Select(run => run.Group).Distinct())}.");
    }

    /// <summary>Writes a folder, the runs last: where they are there, all is.</summary>
    public void Write(string folder)
    {
        CsvFile.Write(Path.Combine(folder, ScoresFile), WriteScores);
        CsvFile.WriteRows(Path.Combine(folder, CurvesFile), Curves);
        CsvFile.WriteRows(Path.Combine(folder, RunsFile), Runs);
    }

    /// <summary>These tables with the runs of others after their own, as a group.</summary>
    /// <exception cref="InvalidDataException">The group has a run already.</exception>
    public ResultTables With(ResultTables others, string group)
    {
        var shift = Runs.Count == 0 ? 0 : Runs.Max(run => run.Run);
        var names = Runs.Where(run => run.Group == group).Select(run => run.FullName).ToHashSet();
        if (others.Runs.FirstOrDefault(run => !names.Add(run.FullName)) is { } twice)
        {
            throw new InvalidDataException($"The group '{group}' has the run '{twice.FullName}' already; pack it into another group.");
        }

        return new ResultTables(
            [.. Runs, .. others.Runs.Select(run => run with { Run = run.Run + shift, Group = group })],
            [.. Scores, .. others.Scores.Select(score => score with { Run = score.Run + shift })],
            [.. Curves, .. others.Curves.Select(curve => curve with { Run = curve.Run + shift })]);
    }

    private static IReadOnlyList<RunRow> ReadRuns(string folder) => AreIn(folder)
        ? CsvFile.ReadRows<RunRow>(Path.Combine(folder, RunsFile))
        : throw new UsageException($"Folder '{folder}' has no {RunsFile}; pack writes it.");

    private static List<ScoreRow> ReadScores(CsvReader csv)
    {
        if (!csv.Read() || !csv.ReadHeader() || !csv.HeaderRecord!.Take(Keys.Length).SequenceEqual(Keys))
        {
            throw new InvalidDataException($"its first columns are not {string.Join(", ", Keys)}.");
        }

        var figures = csv.HeaderRecord![Keys.Length..];
        var rows = new List<ScoreRow>();
        while (csv.Read())
        {
            var scores = new Dictionary<string, double>(figures.Length);
            for (var i = 0; i < figures.Length; i++)
            {
                if (csv.GetField(Keys.Length + i) is { Length: > 0 } text)
                {
                    scores.Add(figures[i], double.Parse(text, CultureInfo.InvariantCulture));
                }
            }

            rows.Add(new ScoreRow(csv.GetField<int>(0), csv.GetField<int>(1), csv.GetField<int>(2), scores));
        }

        return rows;
    }

    private void WriteScores(CsvWriter csv)
    {
        string[] figures = [.. Scores.SelectMany(row => row.Scores.Keys).Distinct()];
        WriteLine([.. Keys, .. figures]);
        foreach (var row in Scores)
        {
            WriteLine(
            [
                Text(row.Run), Text(row.Subject), Text(row.Image),
                .. figures.Select(figure => row.Scores.TryGetValue(figure, out var score) ? score.ToString(ScoreFormat, CultureInfo.InvariantCulture) : ""),
            ]);
        }

        void WriteLine(IEnumerable<string> fields)
        {
            foreach (var field in fields)
            {
                csv.WriteField(field);
            }

            csv.NextRecord();
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
