using System.CommandLine;
using AmbiSSL.Cli.Output;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The arguments that say which figures are computed, and how.</summary>
internal sealed class FiguresArguments
{
    private const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;
    private const string Agrees = "agrees";
    private const string LeftOut = "left-out";

    private readonly Option<IReadOnlyList<Figure>?> _figures = Names();

    private readonly Option<string?> _absentClasses = AbsentClasses();

    private readonly Option<double> _tolerance = new Option<double>("--tolerance")
    {
        Description = "How far apart two borders may be that surface Dice counts as one: "
            + "millimeters where the files tell the spacing of pixels, otherwise pixels",
        HelpName = "DISTANCE", DefaultValueFactory = _ => 1,
    }.AtLeast(0);

    /// <summary>Makes the option that names figures, of a command that computes none.</summary>
    public static Option<IReadOnlyList<Figure>?> Names() => new("--figures")
    {
        Description = "Which figures: names with commas between, or 'usual', 'all', or the beginning of names with a star, "
            + "such as usual,matchedIou,consensus*. "
            + $"Beside the usual ones there are {string.Join(", ", Figure.All.Except(Figure.Usual).Select(FigureName.Of))}",
        HelpName = "NAMES",
        CustomParser = result =>
        {
            var figures = new List<Figure>();
            foreach (var name in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
            {
                var named = Named(name).ToArray();
                if (named.Length == 0)
                {
                    result.AddError($"--figures: '{name}' is no figure; give usual, all, or some of {string.Join(", ", Figure.All.Select(FigureName.Of))}.");
                }

                figures.AddRange(named);
            }

            return [.. Figure.All.Intersect(figures)];
        },
    };

    /// <summary>Makes the option that says what a class counts for that nobody drew.</summary>
    public static Option<string?> AbsentClasses()
    {
        var option = new Option<string?>("--absent-classes")
        {
            Description = "A class that neither the model nor an expert drew on an image agrees, so that its Dice is 1, "
                + "by default, or is left-out of the means",
        };
        option.AcceptOnlyFromAmong(Agrees, LeftOut);
        return option;
    }

    /// <summary>What a class counts for that nobody drew.</summary>
    /// <param name="convention">The word that was given; null where none was.</param>
    public static AbsentClassConvention Convention(string? convention) =>
        convention == LeftOut ? AbsentClassConvention.LeftOut : AbsentClassConvention.Agrees;

    /// <summary>Adds the arguments to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_figures);
        command.Options.Add(_absentClasses);
        command.Options.Add(_tolerance);
    }

    /// <summary>Which figures are computed, and how.</summary>
    /// <exception cref="UsageException">A tolerance is given that no figure has.</exception>
    public FigureOptions Value(ParseResult result)
    {
        var options = new FigureOptions
        {
            Figures = result.GetValue(_figures) ?? Figure.Usual,
            AbsentClasses = Convention(result.GetValue(_absentClasses)),
            SurfaceTolerance = result.GetValue(_tolerance),
        };
        return result.GetResult(_tolerance) is not { Implicit: false }
            || options.Figures.Contains(Figure.ConsensusSurfaceDiceMajority) || options.Figures.Contains(Figure.ConsensusSurfaceDiceStaple)
            ? options
            : throw new UsageException(
                "--tolerance is that of surface Dice; name consensusSurfaceDiceMajority or consensusSurfaceDiceStaple among --figures too.");
    }

    /// <summary>The distances of pixels of some images; null unless all of them have any, so that millimeters and pixels are not averaged.</summary>
    public static PixelSpacing[]? Spacings(IEnumerable<ImageRecord> images)
    {
        PixelSpacing?[] spacings = [.. images.Select(image => image.Spacing)];
        return Array.Exists(spacings, spacing => spacing is null) ? null : Array.ConvertAll(spacings, spacing => spacing!.Value);
    }

    private static IEnumerable<Figure> Named(string name) => name.ToUpperInvariant() switch
    {
        "USUAL" => Figure.Usual,
        "ALL" => Figure.All,
        [.. var beginning, '*'] => Figure.All.Where(figure => figure.Name.StartsWith(beginning, AnyCase)),
        _ => Figure.All.Where(figure => figure.Name.Equals(name, AnyCase)),
    };
}
