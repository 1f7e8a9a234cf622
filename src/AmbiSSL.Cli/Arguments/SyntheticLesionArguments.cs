using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The arguments that say which synthetic lesions are made.</summary>
internal sealed class SyntheticLesionArguments
{
    private static readonly SyntheticLesionOptions Defaults = new();

    private static readonly Dictionary<string, SyntheticClasses> Kinds = new(StringComparer.Ordinal)
    {
        ["one"] = SyntheticClasses.One,
        ["core-and-rim"] = SyntheticClasses.CoreAndRim,
        ["two-kinds"] = SyntheticClasses.TwoKinds,
        ["core-rim-and-striped"] = SyntheticClasses.CoreRimAndStriped,
    };

    private readonly Option<int> _images = new("--images") { Description = "Number of images", DefaultValueFactory = _ => Defaults.Images };
    private readonly Option<int> _annotators = new("--annotators") { Description = "Masks of each image", DefaultValueFactory = _ => Defaults.Annotators };

    private readonly Option<ImageSize?> _size = new("--size")
    {
        Description = "Height and width in pixels",
        HelpName = "HxW",
        CustomParser = DataArguments.ParseSize,
        DefaultValueFactory = _ => new ImageSize(Defaults.Height, Defaults.Width),
    };

    private readonly Option<string> _classes = new("--classes")
    {
        Description = "Classes of masks: one, the lesion; core-and-rim of each lesion; two-kinds of lesion that overlap, "
            + "solid and striped; or core-rim-and-striped, "
            + "a core and a rim, and a striped lesion below them",
        DefaultValueFactory = _ => Kinds.Keys.First(),
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Another seed, other images", DefaultValueFactory = _ => Defaults.Seed };

    /// <summary>Adds the arguments to a command.</summary>
    public void AddTo(Command command)
    {
        _classes.AcceptOnlyFromAmong([.. Kinds.Keys]);
        foreach (var option in (Option[])[_images, _annotators, _size, _classes, _seed])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The lesions.</summary>
    /// <exception cref="UsageException">An argument is out of its range.</exception>
    public SyntheticLesions Lesions(ParseResult arguments)
    {
        var size = arguments.GetValue(_size)!.Value;
        return InRange(() => new SyntheticLesions(new SyntheticLesionOptions
        {
            Images = arguments.GetValue(_images),
            Annotators = arguments.GetValue(_annotators),
            Height = size.Height,
            Width = size.Width,
            Classes = Kinds[arguments.GetValue(_classes)!],
            Seed = arguments.GetValue(_seed),
        }));
    }

    /// <summary>Large images of several lesions each, whose masks have one class.</summary>
    /// <exception cref="UsageException">An argument is out of its range, or classes are asked for.</exception>
    public SyntheticSlides Slides(ParseResult arguments, int lesions)
    {
        if (Kinds[arguments.GetValue(_classes)!] != SyntheticClasses.One)
        {
            throw new UsageException($"--lesions {lesions} makes images with lesions of one class; leave --classes or --lesions out.");
        }

        var usual = new SyntheticSlideOptions();
        var given = arguments.GetResult(_size) is { Implicit: false } ? arguments.GetValue(_size) : null;
        return InRange(() => new SyntheticSlides(new SyntheticSlideOptions
        {
            Images = arguments.GetValue(_images),
            Annotators = arguments.GetValue(_annotators),
            Height = given?.Height ?? usual.Height,
            Width = given?.Width ?? usual.Width,
            Lesions = lesions,
            Seed = arguments.GetValue(_seed),
        }));
    }

    private static T InRange<T>(Func<T> make)
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
