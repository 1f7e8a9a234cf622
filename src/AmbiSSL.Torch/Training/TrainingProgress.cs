namespace AmbiSSL;

/// <summary>What is known of a training run after some of its steps.</summary>
public sealed record TrainingProgress
{
    /// <summary>Current epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Number of epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Optimisation steps done in this epoch.</summary>
    public required int Step { get; init; }

    /// <summary>Optimisation steps in each epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Mean over this epoch so far of the loss terms by name; <c>total</c> is what is minimised (eq. 21).</summary>
    public required IReadOnlyDictionary<string, double> Losses { get; init; }

    /// <summary>Training images, labelled and unlabeled, seen a second since the run was started or continued.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Estimated time until the last step.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>
    /// Scores of the validation images after this epoch; null inside an epoch, after an epoch without validation
    /// (<see cref="SegmentationOptions.ValidationEvery"/>), and in a run without a validation set.
    /// </summary>
    public ScoreSummary? Validation { get; init; }

    /// <summary>
    /// The model as it is at the end of an epoch, for sampling while the report is handled; null inside an epoch. Training goes on with it
    /// and disposes it.
    /// </summary>
    public SegmentationModel? Model { get; init; }

    /// <summary>Whether the epoch ended with this step.</summary>
    public bool IsEpochEnd => Step == StepsPerEpoch;
}
