using System.CommandLine;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>pack</c>: adds finished runs to tables.</summary>
internal static class PackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var runs = new Option<string>("--runs") { Description = "Folder that run --out wrote", HelpName = "DIR", Required = true };
        var group = new Option<string>("--group") { Description = "What the runs are called together", HelpName = "NAME", Required = true };
        var results = new Option<string>("--results") { Description = "Folder of tables, made where there is none", HelpName = "DIR", Required = true };
        var command = new Command("pack", "Adds the finished runs of a folder to tables, as a group; the runs stay.") { runs, group, results };
        command.SetAction(arguments =>
        {
            var (from, to) = (arguments.GetRequiredValue(runs), arguments.GetRequiredValue(results));
            if (!Directory.Exists(from))
            {
                throw new UsageException($"Folder '{from}' does not exist; give the one that run --out wrote.");
            }

            string[] finished = [.. Directory.GetDirectories(from).Where(ResultTables.AreIn).Order(StringComparer.Ordinal)];
            var tables = ResultTables.AreIn(to) ? ResultTables.Read(to) : new ResultTables([], [], []);
            var packed = finished.Aggregate(tables, (all, folder) => all.With(ResultTables.Read(folder), arguments.GetRequiredValue(group)));
            packed.Write(to);
            arguments.InvocationConfiguration.Output.WriteLine($"{packed.Runs.Count - tables.Runs.Count} runs added; '{to}' has {packed.Runs.Count}.");
        });
        return command;
    }
}
