namespace AmbiSSL.Experiments.Comparison;

/// <summary>
/// How far a mean difference lies from what other trainings would have given: a seed labels other patients and starts from other weights, and
/// rounding alone moves a training. Judged by the folds that were trained with several seeds.
/// </summary>
internal sealed class TrainingScatter
{
    private readonly (double Share, int Trainings)[] _folds;
    private readonly double[] _deviations;

    /// <param name="folds">For each fold its number of images and the mean difference over them of each training.</param>
    public TrainingScatter(IReadOnlyList<(int Images, double[] Means)> folds)
    {
        var images = folds.Sum(fold => fold.Images);
        _folds = [.. folds.Select(fold => ((double)fold.Images / images, fold.Means.Length))];
        _deviations = [.. folds.Select(fold => fold.Means).Where(means => means.Length > 1).SelectMany(Deviations)];
    }

    /// <summary>Whether any fold was trained with several seeds.</summary>
    public bool IsKnown => _deviations.Length > 0;

    /// <summary>What a mean over all folds changes by with other trainings, as many of each fold; it must be known.</summary>
    public double Draw(Random random) =>
        _folds.Sum(fold => fold.Share * Enumerable.Range(0, fold.Trainings).Average(_ => _deviations[random.Next(_deviations.Length)]));

    // n deviations from their own mean are too small by (n - 1) / n of the variance.
    private static IEnumerable<double> Deviations(double[] means)
    {
        var (mean, correction) = (means.Average(), Math.Sqrt(means.Length / (means.Length - 1.0)));
        return means.Select(own => (own - mean) * correction);
    }
}
