using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tables;

/// <summary>A figure over folds and seeds.</summary>
/// <param name="Mean">Mean over folds of the mean over a fold's seeds.</param>
/// <param name="Deviation">Standard deviation over folds; over the seeds where there is one fold; NaN where there is one of both.</param>
internal readonly record struct Spread(double Mean, double Deviation)
{
    /// <summary>Summarizes a figure of several runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="figure">The figure.</param>
    public static Spread Of(IEnumerable<RunRow> runs, Figure figure)
    {
        double[][] folds = [.. runs.GroupBy(run => run.Fold).OrderBy(fold => fold.Key)
            .Select(fold => fold.OrderBy(run => run.Seed).Select(run => run.Mean(figure)).ToArray())];
        var average = ScoreAverage.Of(folds.Length == 1 ? folds[0] : folds.Select(seeds => seeds.Average()));
        return new Spread(average.Mean, average.StandardDeviation);
    }
}
