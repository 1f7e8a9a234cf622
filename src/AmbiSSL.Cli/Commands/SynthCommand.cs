using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl synth</c>: writes a data set of synthetic lesions.</summary>
internal static class SynthCommand
{
    private const string OneClass = "one";
    private const string CoreAndRim = "core-and-rim";
    private const string TwoKinds = "two-kinds";

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
        var lesions = new Option<int>("--lesions")
        {
            Description = "Lesions of each image: more than one make large images, of 2000x2000 pixels where --size says nothing, whose lesions are independent",
            DefaultValueFactory = _ => 1,
        }.AtLeast(1);
        var classes = new Option<string>("--classes")
        {
            Description = "Classes of masks: one, the lesion; core-and-rim of each lesion; or two kinds of lesion that overlap, solid and striped",
            DefaultValueFactory = _ => OneClass,
        }.AcceptOnlyFromAmong(OneClass, CoreAndRim, TwoKinds);
        var seed = new Option<int>("--seed") { Description = "Another seed, other images", DefaultValueFactory = _ => Defaults.Seed };
        var command = new Command("synth", "Writes synthetic lesions with annotators who disagree, as a folder of images, masks and index.csv.")
        {
            output, images, annotators, size, lesions, classes, seed,
        };
        return command.Runs((arguments, text, cancellation) =>
        {
            var path = arguments.GetRequiredValue(output);
            var many = arguments.GetValue(lesions);
            var kind = arguments.GetValue(classes) switch
            {
                CoreAndRim => SyntheticClasses.CoreAndRim,
                TwoKinds => SyntheticClasses.TwoKinds,
                _ => SyntheticClasses.One,
            };
            if (many > 1 && kind != SyntheticClasses.One)
            {
                throw new UsageException($"--lesions {many} makes images with lesions of one class; leave --classes or --lesions out.");
            }

            var given = arguments.GetResult(size) is { Implicit: false } ? arguments.GetValue(size) : null;
            ImageSource source = many > 1
                ? Slides(new SyntheticSlideOptions
                {
                    Images = arguments.GetValue(images),
                    Annotators = arguments.GetValue(annotators),
                    Height = given?.Height ?? new SyntheticSlideOptions().Height,
                    Width = given?.Width ?? new SyntheticSlideOptions().Width,
                    Lesions = many,
                    Seed = arguments.GetValue(seed),
                })
                : Lesions(new SyntheticLesionOptions
                {
                    Images = arguments.GetValue(images),
                    Annotators = arguments.GetValue(annotators),
                    Height = arguments.GetValue(size)!.Value.Height,
                    Width = arguments.GetValue(size)!.Value.Width,
                    Classes = kind,
                    Seed = arguments.GetValue(seed),
                });
            ImageDisplay.Run(Terminal.Open(text), "drawing", source, [.. Enumerable.Range(0, source.Count)], cancellation, images =>
            {
                ImageFolder.Save(images, path);
                return images.Count;
            });
            var subjects = source.Records.Select(record => record.Subject).Distinct().Count();
            text.WriteLine($"{source.Count} images of {subjects} subjects, {source.Shape}, {arguments.GetValue(annotators)} annotators: {path}");
            if (kind != SyntheticClasses.One)
            {
                text.WriteLine(kind == SyntheticClasses.CoreAndRim ? "Read it with --classes core=1,rim=2." : "Read it with --classes solid,striped --overlap.");
            }
        });
    }

    private static ImageSource Lesions(SyntheticLesionOptions options) => InRange(() => new SyntheticLesions(options));

    private static ImageSource Slides(SyntheticSlideOptions options) => InRange(() => new SyntheticSlides(options));

    private static ImageSource InRange(Func<ImageSource> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new UsageException(ErrorText.Of(exception), exception);
        }
    }
}
