using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Hands progress on to a listener and, once an epoch, to ML.NET's log.</summary>
/// <param name="channel">Channel of the log.</param>
/// <param name="listener">The user's listener, if there is one.</param>
/// <param name="onReport">Called at each report.</param>
internal sealed class TrainingLog(IChannel channel, IProgress<TrainingProgress>? listener, Action onReport) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        onReport();
        listener?.Report(value);
        if (value.IsEpochEnd)
        {
            channel.Info(MessageSensitivity.None, "{0}", value);
        }
    }
}
