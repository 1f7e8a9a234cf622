namespace AmbiSSL.Cli.Output;

/// <summary>The figures of an evaluation, of one process or of several.</summary>
/// <param name="Summary">The figures.</param>
/// <param name="Classes">The classes of the masks.</param>
/// <param name="Samples">Masks of each image.</param>
/// <param name="CountedShare">Share of the pixels that count, mean over images.</param>
/// <param name="AnnotatorDice">The Dice of each annotator whom the model knows.</param>
/// <param name="Unit">In what distances are; areas are in its square.</param>
internal sealed record Evaluation(
    ScoreSummary Summary, MaskClasses Classes, int Samples, double CountedShare, IReadOnlyDictionary<string, ScoreAverage> AnnotatorDice, string Unit)
{
    /// <summary>Those of one process.</summary>
    public static Evaluation Of(AmbiguousSegmentationMetrics metrics, string unit) =>
        new(metrics.Summary, metrics.Classes, metrics.Samples, metrics.CountedShare, metrics.AnnotatorDice, unit);
}
