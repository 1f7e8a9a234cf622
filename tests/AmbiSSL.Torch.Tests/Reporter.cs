namespace AmbiSSL.Torch.Tests;

/// <summary>Hands each report of a training to an action, at once.</summary>
internal sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}
