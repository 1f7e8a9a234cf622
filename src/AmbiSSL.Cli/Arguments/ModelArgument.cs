using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The argument that names a model file, or several.</summary>
/// <param name="isRequired">Whether it must be given.</param>
/// <param name="maySeveral">Whether it may be given more than once.</param>
internal sealed class ModelArgument(bool isRequired = true, bool maySeveral = false)
{
    private readonly Option<string[]> _model = new("--model")
    {
        Description = "Model file that train, or any ML.NET program, wrote" + (maySeveral ? "; given more than once, the models draw as one ensemble" : ""),
        HelpName = "MODEL.zip", Required = isRequired, Arity = maySeveral ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,

        // System.CommandLine makes no array of an option that takes one argument.
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
    };

    /// <summary>Adds the argument to a command.</summary>
    public void AddTo(Command command)
    {
        _model.RequirePath();
        command.Options.Add(_model);
    }

    /// <summary>The path that was given first; null where there is none.</summary>
    public string? Path(ParseResult result) => Paths(result).FirstOrDefault();

    /// <summary>The paths that were given.</summary>
    public IReadOnlyList<string> Paths(ParseResult result) => result.GetValue(_model) ?? [];
}
