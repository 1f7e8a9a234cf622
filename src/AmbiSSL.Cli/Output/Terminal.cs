using Microsoft.ML;
using Microsoft.ML.Runtime;
using Spectre.Console;

namespace AmbiSSL.Cli.Output;

/// <summary>Spectre.Console over the output of a command.</summary>
internal static class Terminal
{
    private const int WidthOfFiles = 160;

    /// <summary>A console with color and movement on a terminal, and plain lines elsewhere.</summary>
    public static IAnsiConsole Open(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }

    /// <summary>Writes what ML.NET's log warns of, each warning once.</summary>
    public static IAnsiConsole WithWarningsOf(this IAnsiConsole console, MLContext context)
    {
        var written = new HashSet<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning && written.Add(message.RawMessage))
            {
                console.WriteLine($"Warning: {message.RawMessage}");
            }
        };
        return console;
    }

    /// <summary>Writes names and values below each other.</summary>
    public static void WritePairs(TextWriter output, IEnumerable<(string Name, string Value)> pairs)
    {
        var rows = pairs.ToArray();
        var width = rows.Max(row => row.Name.Length) + 2;
        foreach (var (name, value) in rows)
        {
            output.WriteLine($"{name.PadRight(width)}{value}");
        }
    }
}
