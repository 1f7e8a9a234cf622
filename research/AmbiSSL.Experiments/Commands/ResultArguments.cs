using System.CommandLine;

namespace AmbiSSL.Experiments.Commands;

/// <summary>The arguments that name a group of results.</summary>
internal sealed class ResultArguments
{
    private readonly Option<string> _results = new("--results")
    {
        Description = "Folder of tables", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine("research", "results"),
    };

    private readonly Option<string> _group = new("--group") { Description = "Group of runs", HelpName = "NAME", DefaultValueFactory = _ => "methods" };

    /// <summary>Adds the arguments to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_results);
        command.Options.Add(_group);
    }

    /// <summary>The folder of tables.</summary>
    public string Folder(ParseResult result) => result.GetRequiredValue(_results);

    /// <summary>The group.</summary>
    public string Group(ParseResult result) => result.GetRequiredValue(_group);
}
