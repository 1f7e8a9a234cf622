using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl synth</c>: writes a data set of synthetic lesions.</summary>
internal static class SynthCommand
{
    private static readonly SyntheticLesionOptions Defaults = new();

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder to write, new or empty", HelpName = "DIR", Required = true };
        var images = new Option<int>("--images") { Description = "Number of images", DefaultValueFactory = _ => Defaults.Images };
        var annotators = new Option<int>("--annotators") { Description = "Masks of each image", DefaultValueFactory = _ => Defaults.Annotators };
        var size = new Option<ImageSize?>("--size")
        {
            Description = "Height and width in pixels",
            HelpName = "HxW",
            CustomParser = DataArguments.ParseSize,
            DefaultValueFactory = _ => new ImageSize(Defaults.Height, Defaults.Width),
        };
        var seed = new Option<int>("--seed") { Description = "Another seed, other images", DefaultValueFactory = _ => Defaults.Seed };
        var command = new Command("synth", "Writes synthetic lesions with annotators who disagree, as a folder of images, masks and index.csv.")
        {
            output, images, annotators, size, seed,
        };
        return command.Runs((arguments, text, cancellation) =>
        {
            var path = arguments.GetRequiredValue(output);
            var lesions = Lesions(new SyntheticLesionOptions
            {
                Images = arguments.GetValue(images),
                Annotators = arguments.GetValue(annotators),
                Height = arguments.GetValue(size)!.Value.Height,
                Width = arguments.GetValue(size)!.Value.Width,
                Seed = arguments.GetValue(seed),
            });
            ImageDisplay.Run(Terminal.Open(text), "drawing", lesions, [.. Enumerable.Range(0, lesions.Count)], cancellation, images =>
            {
                ImageFolder.Save(images, path);
                return images.Count;
            });
            var subjects = lesions.Records.Select(record => record.Subject).Distinct().Count();
            text.WriteLine($"{lesions.Count} images of {subjects} subjects, {lesions.Shape}, {arguments.GetValue(annotators)} annotators: {path}");
        });
    }

    private static SyntheticLesions Lesions(SyntheticLesionOptions options)
    {
        try
        {
            return new SyntheticLesions(options);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new UsageException(ErrorText.Of(exception), exception);
        }
    }
}
