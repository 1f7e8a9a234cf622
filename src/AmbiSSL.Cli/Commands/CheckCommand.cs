using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl check</c>: looks at a data set before training.</summary>
internal static class CheckCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new DataArguments();
        var window = new IntensityWindowArgument();
        var windows = new Option<ImageSize?>("--window")
        {
            Description = "Images may have any size, as a training with this --window sees them", HelpName = "HxW", CustomParser = DataArguments.ParseSize,
        };
        var json = new Option<string?>("--json") { Description = "File to write the report to as JSON", HelpName = "FILE" };
        var sheet = new Option<string?>("--sheet")
        {
            Description = "PNG file for the ten most suspicious images and the outlines of their masks", HelpName = "FILE",
        };
        var command = new Command(
            "check",
            "Looks at every image and mask of a data set, as training with the same arguments would see them, and lists what would hurt, the worst "
            + "first. The exit code is 1 where a training would be wrong.");
        data.AddTo(command);
        window.AddTo(command);
        command.Options.Add(windows);
        command.Options.Add(json);
        command.Options.Add(sheet);
        return command.Runs((arguments, text, cancellation) =>
        {
            var source = data.Open(arguments, hasWindows: arguments.GetValue(windows) is not null);
            OutputFile.PrepareGiven(arguments, (json, "report.json"), (sheet, "suspects.png"));
            var report = ImageDisplay.Run(
                Terminal.Open(text), "checking", source.Count, onImage => DataReport.Of(source, window.Value(arguments), onImage, cancellation));
            CheckReport.Write(text, report);
            if (arguments.GetValue(json) is { } jsonPath)
            {
                JsonFile.Write(jsonPath, CheckReport.ToJson(report));
            }

            if (arguments.GetValue(sheet) is { } sheetPath && report.Suspects.Count > 0)
            {
                report.SaveSheet(sheetPath);
                CheckReport.WriteSuspects(text, report);
            }

            return report.IsSound;
        });
    }
}
