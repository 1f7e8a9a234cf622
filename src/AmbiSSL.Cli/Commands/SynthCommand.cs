using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl synth</c>: writes a data set of synthetic lesions.</summary>
internal static class SynthCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder to write, new or empty", HelpName = "DIR", Required = true };
        var lesions = new Option<int>("--lesions")
        {
            Description = "Lesions of each image: more than one make large images, of 2000x2000 pixels where --size says nothing, "
                + "whose lesions are independent",
            DefaultValueFactory = _ => 1,
        }.AtLeast(1);
        var synthetic = new SyntheticLesionArguments();
        var command = new Command("synth", "Writes synthetic lesions with annotators who disagree, as a folder of images, masks and index.csv.")
        {
            output, lesions,
        };
        synthetic.AddTo(command);
        return command.Runs((arguments, text, cancellation) =>
        {
            var path = arguments.GetRequiredValue(output);
            var many = arguments.GetValue(lesions);
            ImageSource source = many > 1 ? synthetic.Slides(arguments, many) : synthetic.Lesions(arguments);
            ImageDisplay.Run(Terminal.Open(text), "drawing", source, [.. Enumerable.Range(0, source.Count)], cancellation, images =>
            {
                ImageFolder.Save(images, path);
                return images.Count;
            });
            var subjects = source.Records.Select(record => record.Subject).Distinct().Count();
            text.WriteLine($"{source.Count} images of {subjects} subjects, {source.Shape}, {source.Records[0].Annotators.Count} annotators: {path}");
            if (source.Classes.Count > 1)
            {
                var values = source.Classes.Names.Select((name, position) => source.Classes.Overlap ? name : $"{name}={position + 1}");
                text.WriteLine($"Read it with --classes {string.Join(',', values)}{(source.Classes.Overlap ? " --overlap" : "")}.");
            }
        });
    }
}
