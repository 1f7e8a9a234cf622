namespace AmbiSSL;

/// <summary>The scores of a set of images: each one's mean and deviation over images, and the correlation of disagreement.</summary>
public sealed record ScoreSummary
{
    /// <summary>Number of images.</summary>
    public required int Count { get; init; }

    /// <summary>Generalized energy distance, eq. 22; smaller is better.</summary>
    public required ScoreAverage Ged { get; init; }

    /// <summary>Soft Dice, eq. 23; larger is better.</summary>
    public required ScoreAverage DiceSoft { get; init; }

    /// <summary>Dice_max; larger is better.</summary>
    public required ScoreAverage DiceMax { get; init; }

    /// <summary>Dice_match; larger is better.</summary>
    public required ScoreAverage DiceMatch { get; init; }

    /// <summary>Oracle Dice; larger is better.</summary>
    public required ScoreAverage OracleDice { get; init; }

    /// <summary>Expected calibration error; smaller is better.</summary>
    public required ScoreAverage ExpectedCalibrationError { get; init; }

    /// <summary>Brier score against the mean annotation; smaller is better.</summary>
    public required ScoreAverage Brier { get; init; }

    /// <summary>Mean distance between two samples, over the images with two samples or more.</summary>
    public required ScoreAverage SampleDiversity { get; init; }

    /// <summary>Mean distance between two experts, over the images with two annotations or more.</summary>
    public required ScoreAverage ExpertDiversity { get; init; }

    /// <summary>Correlation of sample with expert diversity, -1 to 1 or NaN (<see cref="AmbiSSL.DisagreementCorrelation"/>).</summary>
    public required double DisagreementCorrelation { get; init; }

    /// <summary>Summarises the scores of images, each image counting the same.</summary>
    /// <param name="scores">One entry an image, at least one.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="ArgumentException">There are no images.</exception>
    public static ScoreSummary Of(IReadOnlyCollection<AmbiguousSegmentationScores> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0)
        {
            throw new ArgumentException("There are scores of 0 images; at least 1 is needed. Score an annotated image.", nameof(scores));
        }

        return new ScoreSummary
        {
            Count = scores.Count,
            Ged = ScoreAverage.Of(scores.Select(score => score.Ged)),
            DiceSoft = ScoreAverage.Of(scores.Select(score => score.DiceSoft)),
            DiceMax = ScoreAverage.Of(scores.Select(score => score.DiceMax)),
            DiceMatch = ScoreAverage.Of(scores.Select(score => score.DiceMatch)),
            OracleDice = ScoreAverage.Of(scores.Select(score => score.OracleDice)),
            ExpectedCalibrationError = ScoreAverage.Of(scores.Select(score => score.ExpectedCalibrationError)),
            Brier = ScoreAverage.Of(scores.Select(score => score.Brier)),
            SampleDiversity = ScoreAverage.Of(scores.Select(score => score.SampleDiversity)),
            ExpertDiversity = ScoreAverage.Of(scores.Select(score => score.ExpertDiversity)),
            DisagreementCorrelation = AmbiSSL.DisagreementCorrelation.Compute(
                [.. scores.Select(score => score.SampleDiversity)], [.. scores.Select(score => score.ExpertDiversity)]),
        };
    }
}
