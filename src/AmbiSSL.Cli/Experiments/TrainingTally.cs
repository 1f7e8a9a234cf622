using System.Diagnostics;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Output;

namespace AmbiSSL.Cli.Experiments;

/// <summary>Steps and time of a training; of one that was interrupted and goes on, of its parts together.</summary>
internal sealed class TrainingTally
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly string? _file;
    private readonly double _secondsBefore;

    /// <summary>Goes on from what the file holds.</summary>
    /// <param name="file">Where it is kept after each epoch, beside the checkpoint; null where the run keeps none.</param>
    public TrainingTally(string? file)
    {
        _file = file;
        if (file is not null && File.Exists(file))
        {
            var kept = JsonNode.Parse(File.ReadAllText(file))!;
            Steps = kept["steps"]!.GetValue<long>();
            _secondsBefore = kept["seconds"]!.GetValue<double>();
        }
    }

    /// <summary>Optimisation steps until the end of the last epoch.</summary>
    public long Steps { get; private set; }

    /// <summary>Seconds, without those that an interruption lost: from the end of the epoch before it.</summary>
    public double Seconds => _secondsBefore + _watch.Elapsed.TotalSeconds;

    /// <summary>Counts an epoch that has ended.</summary>
    public void EndEpoch(TrainingProgress epoch)
    {
        Steps = (long)epoch.Epoch * epoch.StepsPerEpoch;
        if (_file is not null)
        {
            JsonFile.Write(_file, new JsonObject { ["steps"] = Steps, ["seconds"] = Seconds });
        }
    }
}
