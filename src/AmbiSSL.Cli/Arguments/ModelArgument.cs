using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The argument that names a model file.</summary>
internal sealed class ModelArgument(bool isRequired = true)
{
    private readonly Option<string?> _model = new("--model")
    {
        Description = "Model file that train, or any ML.NET program, wrote", HelpName = "MODEL.zip", Required = isRequired,
    };

    /// <summary>Adds the argument to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_model);

    /// <summary>The path that was given.</summary>
    public string? Path(ParseResult result) => result.GetValue(_model);
}
