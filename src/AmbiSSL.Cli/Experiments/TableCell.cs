namespace AmbiSSL.Cli.Experiments;

/// <summary>The figures of a row for one labelled share.</summary>
/// <param name="results">The results of all its folds and seeds, at least one.</param>
internal sealed class TableCell(IReadOnlyList<FoldResult> results)
{
    /// <summary>Generalized energy distance.</summary>
    public Spread Ged { get; } = Spread.Of(results, result => result.Figures[Figure.Ged].Mean);

    /// <summary>Soft Dice.</summary>
    public Spread DiceSoft { get; } = Spread.Of(results, result => result.Figures[Figure.DiceSoft].Mean);

    /// <summary>Dice_max.</summary>
    public Spread DiceMax { get; } = Spread.Of(results, result => result.Figures[Figure.DiceMax].Mean);

    /// <summary>Dice_match.</summary>
    public Spread DiceMatch { get; } = Spread.Of(results, result => result.Figures[Figure.DiceMatch].Mean);

    /// <summary>Number of folds.</summary>
    public int Folds { get; } = results.Select(result => result.Fold).Distinct().Count();

    /// <summary>Number of seeds.</summary>
    public int Seeds { get; } = results.Select(result => result.Seed).Distinct().Count();

    /// <summary>Number of results.</summary>
    public int Runs { get; } = results.Count;

    /// <summary>Optimisation steps, mean over runs.</summary>
    public double Steps { get; } = results.Average(result => result.Cost.Steps);

    /// <summary>Masks drawn for each image; null where the runs differ.</summary>
    public int? Samples { get; } = results.Select(result => result.Samples).Distinct().Count() == 1 ? results[0].Samples : null;

    /// <summary>Time of a training, mean over runs, in minutes.</summary>
    public double TrainingMinutes { get; } = results.Average(result => result.Cost.TrainingSeconds) / 60;

    /// <summary>Most memory of any run, in MiB.</summary>
    public double MemoryMebibytes { get; } = results.Max(result => result.Cost.PeakMemoryBytes) / (double)(1 << 20);
}
