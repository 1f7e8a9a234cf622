using System.CommandLine;
using System.Text;
using AmbiSSL.Cli.Experiments;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl table</c>: results in the layout of the paper's Table 1.</summary>
internal static class TableCommand
{
    private const string None = "none";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var results = new Option<string>("--results") { Description = "Folder that crossval --out wrote", Required = true };
        var folder = new Option<string?>("--out") { Description = "Folder to write table.md and table.csv to as well" };
        var paper = new Option<string>("--paper")
        {
            Description = "Figures of the paper to print beside: lidc (Table 1), isic (Table 2) or none", DefaultValueFactory = _ => PaperFigures.DataSets[0],
        };
        paper.AcceptOnlyFromAmong([.. PaperFigures.DataSets, None]);
        var command = new Command(
            "table",
            "Prints the results of crossval in the layout of the paper's Table 1: mean ± standard deviation over folds, beside the paper's figures.")
        {
            results, folder, paper,
        };
        command.SetAction(arguments =>
        {
            var tables = ResultTable.Of(new ResultFolder(arguments.GetRequiredValue(results)).ReadAll());
            var dataSet = arguments.GetValue(paper) is { } name && name != None ? name : null;
            var markdown = MarkdownTable.Write(tables, dataSet);
            arguments.InvocationConfiguration.Output.Write(markdown);
            if (arguments.GetValue(folder) is { } path)
            {
                Directory.CreateDirectory(path);
                AtomicFile.Write(Path.Combine(path, "table.md"), stream => stream.Write(Encoding.UTF8.GetBytes(markdown)));
                AtomicFile.Write(Path.Combine(path, "table.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(CsvTable.Write(tables, dataSet))));
            }
        });
        return command;
    }
}
