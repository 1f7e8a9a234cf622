using System.CommandLine;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Commands;

/// <summary>The commands of <c>ambissl</c>.</summary>
internal static class AllCommands
{
    /// <summary>Makes them.</summary>
    public static RootCommand Create() => new("Trains, samples and evaluates segmentation models for images whose experts disagree.")
    {
        CheckCommand.Create(),
        TrainCommand.Create(),
        PredictCommand.Create(),
        CalibrateCommand.Create(),
        EvaluateCommand.Create(),
        MergeCommand.Create(),
        ReportCommand.Create(),
        RankCommand.Create(),
        CrossvalCommand.Create(),
        ExportCommand.Create(),
        InfoCommand.Create(),
        SynthCommand.Create(),
        new LibTorchOption(),
    };
}
