using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>How well the samples of a model fit the annotations of the experts on one image.</summary>
public sealed record AmbiguousSegmentationScores
{
    /// <summary>Generalized energy distance, eq. 22, 0 to 2; less is better (<see cref="GeneralizedEnergyDistance.VStatistic"/>).</summary>
    public required double Ged { get; init; }

    /// <summary>Soft Dice of the mean probability, eq. 23, 0 to 1; larger is better (<see cref="SoftDice"/>).</summary>
    public required double DiceSoft { get; init; }

    /// <summary>Mean over annotations of the best sample's Dice, 0 to 1; larger is better (<see cref="SetDice.Max"/>).</summary>
    public required double DiceMax { get; init; }

    /// <summary>Mean Dice under the best one-to-one assignment, 0 to 1; larger is better (<see cref="SetDice.Match"/>).</summary>
    public required double DiceMatch { get; init; }

    /// <summary>Mean Dice of the one best sample, 0 to 1; larger is better (<see cref="SetDice.Oracle"/>).</summary>
    public required double OracleDice { get; init; }

    /// <summary>Expected calibration error, 0 to 1; smaller is better (<see cref="Calibration.ExpectedCalibrationError"/>).</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>Brier score against the mean annotation, 0 to 1; smaller is better (<see cref="Calibration.BrierScore"/>).</summary>
    public required double Brier { get; init; }

    /// <summary>Mean distance between two samples, 0 to 1; NaN for one sample (<see cref="PairwiseDistance.WithinDistinct"/>).</summary>
    public required double SampleDiversity { get; init; }

    /// <summary>Mean distance between two experts, 0 to 1; NaN for one expert (<see cref="PairwiseDistance.WithinDistinct"/>).</summary>
    public required double ExpertDiversity { get; init; }

    /// <summary>Scores one image.</summary>
    /// <param name="samples">N·H·W values in [N, H, W] order, N at least 1; nonzero is foreground.</param>
    /// <param name="meanProbability">H·W values in [H, W] order, 0 to 1: the mean over the samples.</param>
    /// <param name="annotations">A·H·W values in [A, H, W] order, A at least 1; nonzero is foreground.</param>
    /// <param name="height">Rows H, at least 1.</param>
    /// <param name="width">Columns W, at least 1.</param>
    /// <param name="emptyMasks">
    /// What two empty masks give in the distances. The default value is <see cref="EmptyMaskConvention.IouIsOne"/>.
    /// </param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">A set is empty or does not divide into masks of H·W values, or sizes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1, or a probability lies outside 0 to 1.</exception>
    public static AmbiguousSegmentationScores Compute(
        ReadOnlySpan<byte> samples,
        ReadOnlySpan<float> meanProbability,
        ReadOnlySpan<byte> annotations,
        int height,
        int width,
        EmptyMaskConvention emptyMasks = EmptyMaskConvention.IouIsOne)
    {
        MetricArguments.RequireMaps(samples.Length, height, width, nameof(samples));
        MetricArguments.RequireOneMap(meanProbability.Length, height, width, nameof(meanProbability));
        MetricArguments.RequireMaps(annotations.Length, height, width, nameof(annotations));
        BitMask[] predicted = BitMask.SetFromBytes(samples, height, width);
        BitMask[] expert = BitMask.SetFromBytes(annotations, height, width);
        MetricArguments.RequireSets(predicted, expert);
        return new AmbiguousSegmentationScores
        {
            Ged = GeneralizedEnergyDistance.VStatistic(predicted, expert, emptyMasks),
            DiceSoft = SoftDice.Compute(meanProbability, expert),
            DiceMax = SetDice.Max(predicted, expert),
            DiceMatch = SetDice.Match(predicted, expert),
            OracleDice = SetDice.Oracle(predicted, expert),
            ExpectedCalibrationError = Calibration.ExpectedCalibrationError(meanProbability, expert),
            Brier = Calibration.BrierScore(meanProbability, expert),
            SampleDiversity = PairwiseDistance.WithinDistinct(predicted, emptyMasks),
            ExpertDiversity = PairwiseDistance.WithinDistinct(expert, emptyMasks),
        };
    }
}
