using AmbiSSL.Cli.Output;

namespace AmbiSSL.Experiments.Results;

/// <summary>The scores of one image in one run.</summary>
/// <param name="Run">Number of the run in its tables.</param>
/// <param name="Subject">The patient's number in the data set.</param>
/// <param name="Image">The image's number in the data set.</param>
/// <param name="Scores">The scores by what the tables call their figures, such as <c>ged</c>; NaN where the image has none.</param>
internal sealed record ScoreRow(int Run, int Subject, int Image, IReadOnlyDictionary<string, double> Scores)
{
    /// <summary>The score by a figure; NaN where there is none.</summary>
    public double this[Figure figure] => Scores.GetValueOrDefault(FigureName.Of(figure), double.NaN);
}
