using System.CommandLine;

namespace AmbiSSL.Cli;

/// <summary>What is said of an argument that a command does not know.</summary>
internal static class UnknownArgument
{
    /// <summary>Names it, and the option or command that it is likely to mean.</summary>
    /// <param name="command">The command that it was given to.</param>
    /// <param name="argument">As it was typed.</param>
    public static string Sentence(Command command, string argument)
    {
        var word = argument.Split('=')[0];
        var isOption = word.StartsWith('-');
        var known = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(inner => inner.Name);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var owner = command is RootCommand ? "" : $" of {command.Name}";
        return $"'{word}' is no {kind}{owner}{(Nearest(word, known) is { } meant ? $"; did you mean {meant}?" : ".")}";
    }

    /// <summary>The name that differs least, where no more than a third of its letters do.</summary>
    private static string? Nearest(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(word, name)))
        .Where(candidate => 3 * candidate.Distance <= candidate.Name.Trim('-').Length)
        .OrderBy(candidate => candidate.Distance)
        .FirstOrDefault().Name;

    /// <summary>Letters to add, leave out, change, or swap with their neighbor.</summary>
    private static int Distance(string from, string to)
    {
        var distances = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                distances[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    distances[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1), 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
                }
            }
        }

        return distances[from.Length, to.Length];
    }
}
