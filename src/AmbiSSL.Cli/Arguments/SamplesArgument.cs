using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The argument that says how many masks are drawn for each image.</summary>
internal sealed class SamplesArgument
{
    private readonly Option<int> _samples = new Option<int>("--samples")
    {
        Description = "Masks that a model draws for each image", HelpName = "N", DefaultValueFactory = _ => 10,
    }.Between(1, 100_000);

    /// <summary>Adds the argument to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_samples);

    /// <summary>The number of masks.</summary>
    public int Value(ParseResult result) => result.GetValue(_samples);
}
