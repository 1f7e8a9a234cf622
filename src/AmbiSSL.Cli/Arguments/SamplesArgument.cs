using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The argument that says how many masks are drawn for each image.</summary>
internal sealed class SamplesArgument
{
    private readonly Option<int> _samples = new("--samples") { Description = "Masks drawn for each image", HelpName = "N", DefaultValueFactory = _ => 10 };

    /// <summary>Adds the argument to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_samples);
        command.Validators.Add(result =>
        {
            // A value that is no number has its own message.
            if (result.GetResult(_samples) is { Errors: var errors } && !errors.Any() && result.GetValue(_samples) < 1)
            {
                result.AddError($"--samples is {result.GetValue(_samples)}; it must be at least 1.");
            }
        });
    }

    /// <summary>The number of masks.</summary>
    public int Value(ParseResult result) => result.GetValue(_samples);
}
