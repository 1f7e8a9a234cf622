namespace AmbiSSL.Cli.Experiments;

/// <summary>What a run took.</summary>
internal sealed record RunCost
{
    /// <summary>Time of the training, reading the images included; of one that was interrupted, of its parts together.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Time of drawing and scoring masks.</summary>
    public required double EvaluationSeconds { get; init; }

    /// <summary>Optimisation steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Most resident memory of the process during the run, since its last interruption, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}
