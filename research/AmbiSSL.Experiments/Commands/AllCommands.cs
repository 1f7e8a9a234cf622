using System.CommandLine;

namespace AmbiSSL.Experiments.Commands;

/// <summary>The commands of the experiments.</summary>
internal static class AllCommands
{
    /// <summary>Makes them.</summary>
    public static RootCommand Create() => new("Trains and evaluates the runs of a sweep file, keeps their results as tables, and compares them.")
    {
        RunCommand.Create(),
        TimeCommand.Create(),
        PackCommand.Create(),
        TableCommand.Create(),
        CompareCommand.Create(),
        OutlineCommand.Create(),
        WindowsCommand.Create(),
        TruthCommand.Create(),
    };
}
