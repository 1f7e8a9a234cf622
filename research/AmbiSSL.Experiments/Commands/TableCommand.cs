using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Experiments.Results;
using AmbiSSL.Experiments.Tables;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>table</c>: results in the layout of the paper's Table 1.</summary>
internal static class TableCommand
{
    private const string None = "none";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var results = new ResultArguments();
        var paper = new Option<string>("--paper")
        {
            Description = "Figures of the paper to print beside: lidc (Table 1), isic (Table 2) or none", DefaultValueFactory = _ => PaperFigures.DataSets[0],
        };
        paper.AcceptOnlyFromAmong([.. PaperFigures.DataSets, None]);
        var figures = FiguresArguments.Names();
        var command = new Command(
            "table", "Prints results as Markdown in the layout of the paper's Table 1: mean ± standard deviation over folds, beside the paper's figures.")
        {
            paper, figures,
        };
        results.AddTo(command);
        command.SetAction(arguments => arguments.InvocationConfiguration.Output.Write(MarkdownTable.Write(
            ResultTables.ReadRuns(results.Folder(arguments), results.Group(arguments)),
            arguments.GetRequiredValue(paper) is var name && name == None ? null : name,
            arguments.GetValue(figures) ?? MarkdownTable.PaperColumns)));
        return command;
    }
}
