using System.Globalization;

namespace AmbiSSL;

/// <summary>What is known of a training run after some of its steps.</summary>
public sealed record TrainingProgress
{
    /// <summary>The fold that is held out; null where the training is no part of a cross-validation.</summary>
    public int? Fold { get; init; }

    /// <summary>Current epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Number of epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Optimization steps done in this epoch.</summary>
    public required int Step { get; init; }

    /// <summary>Optimization steps in each epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Mean over this epoch so far of the loss terms by name; <c>total</c> is what is minimized (eq. 21).</summary>
    public required IReadOnlyDictionary<string, double> Losses { get; init; }

    /// <summary>Training images, labeled and unlabeled, seen a second since the run was started or continued.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Estimated time until the last step.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>
    /// Scores of the validation images after this epoch; null inside an epoch, after an epoch without validation
    /// (<see cref="TrainingOptions.ValidationEvery"/>), and in a run without a validation set.
    /// </summary>
    public ScoreSummary? Validation { get; init; }

    /// <summary>Whether the epoch ended with this step.</summary>
    public bool IsEpochEnd => Step == StepsPerEpoch;

    private string Pace => string.Create(
        CultureInfo.InvariantCulture,
        $"{ImagesPerSecond:F1} images/s, {(int)Remaining.TotalHours}:{Remaining.Minutes:00}:{Remaining.Seconds:00} left");

    private string Place => string.Create(CultureInfo.InvariantCulture, $"{(Fold is null ? "" : $"fold {Fold}: ")}epoch {Epoch} of {Epochs}");

    /// <summary>The line for a log: epoch, every loss term, the validation where there is one, speed and time left.</summary>
    /// <returns>
    /// For example <c>epoch 3 of 20: total 0.5312, dice_theta 0.2514; validation GED 0.3120, Dice soft 0.8114; 51.2 images/s, 0:12:03 left</c>; in a
    /// cross-validation <c>fold 1: </c> stands before it.
    /// </returns>
    public override string ToString()
    {
        var losses = string.Join(", ", Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value:F4}")));
        return string.Create(CultureInfo.InvariantCulture, $"{Place}: {losses}; {Scores()}{Pace}");
    }

    /// <summary>The line for a display that changes at every report: epoch, the loss that is minimized, speed and time left.</summary>
    /// <returns>For example <c>epoch 3 of 20: loss 0.531; 51.2 images/s, 0:12:03 left</c>.</returns>
    public string ToShortString() => string.Create(
        CultureInfo.InvariantCulture, $"{Place}: loss {Losses["total"]:F3}; {Pace}");

    private string Scores()
    {
        if (Validation is not { } scores)
        {
            return "";
        }

        Figure[] shown = [Figure.Ged, Figure.DiceSoft];
        var values = shown.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Title} {scores[figure].Mean:F4}"));
        return $"validation {string.Join(", ", values)}; ";
    }
}
