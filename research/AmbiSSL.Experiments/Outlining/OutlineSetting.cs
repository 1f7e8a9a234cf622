namespace AmbiSSL.Experiments.Outlining;

/// <summary>How much is outlined, and how long is trained.</summary>
/// <param name="First">Images of as many patients, drawn by chance, that are outlined before a rule chooses.</param>
/// <param name="Step">Images of as many further patients that each round adds.</param>
/// <param name="Rounds">Rounds of choosing.</param>
/// <param name="TrainingSteps">Steps of each training, however much is outlined.</param>
internal sealed record OutlineSetting(int First, int Step, int Rounds, int TrainingSteps)
{
    private const int BatchSize = 8;

    /// <summary>Images that are outlined after the last round.</summary>
    public int Last => First + (Step * Rounds);

    /// <summary>A small network that learns from outlined images alone.</summary>
    public SupervisedOptions Options(int outlined, int seed) => new()
    {
        Backbone = new UNetBackbone { Filters = [8, 16, 32] },
        LatentFilters = [8, 16],
        LatentConvolutionsPerBlock = 1,
        BoundSamples = 4,
        Epochs = TrainingSteps / ((outlined + BatchSize - 1) / BatchSize),
        Seed = seed,
        Training = new TrainingOptions { BatchSize = BatchSize, LearningRate = 2e-3 },
    };
}
