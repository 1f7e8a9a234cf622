using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The argument that says which intensities are told apart.</summary>
internal sealed class IntensityWindowArgument
{
    private readonly Option<IntensityWindow?> _window = new("--intensity-window")
    {
        Description = "Intensities that become 0 and 1: two values such as 0,4095 or -1000,400, or two percentiles of the training images such as p0.5,p99.5. "
            + "Without it integers stand for their part of their type's range, and floating-point numbers must be from 0 to 1",
        HelpName = "LOW,HIGH",
        CustomParser = result =>
        {
            try
            {
                return IntensityWindow.Parse(result.Tokens[0].Value);
            }
            catch (ArgumentException exception)
            {
                result.AddError(ErrorText.Of(exception));
                return null;
            }
        },
    };

    /// <summary>Adds the argument to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_window);

    /// <summary>The window; null where none was given.</summary>
    public IntensityWindow? Value(ParseResult result) => result.GetValue(_window);
}
