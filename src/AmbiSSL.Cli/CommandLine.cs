using System.CommandLine;
using System.CommandLine.Invocation;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli;

/// <summary>Runs commands, whose ends become exit codes: 0, 1 (failed) or 2 (usage).</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a command that failed, or that found a data set at fault.</summary>
    public const int Failed = 1;

    private const int Usage = 2;

    /// <summary>Runs one command line.</summary>
    /// <param name="tool">What the program is called.</param>
    /// <param name="root">Its commands.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Receives what the commands say.</param>
    /// <param name="error">Receives a sentence where a command fails.</param>
    public static int Run(string tool, RootCommand root, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        NumberOptions.ReadStrictly(root);
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            var command = parsed.CommandResult.Command;
            error.WriteLine(parsed.UnmatchedTokens is [var unknown, ..]
                ? UnknownArgument.Sentence(command, unknown)
                : string.Join(Environment.NewLine, parsed.Errors.Select(problem => problem.Message)));
            error.WriteLine($"See {(command is RootCommand ? tool : $"{tool} {command.Name}")} --help.");
            return Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        using var interruption = new Interruption();
        try
        {
            return parsed.InvokeAsync(invocation, interruption.Token).GetAwaiter().GetResult();
        }
        catch (UsageException exception)
        {
            error.WriteLine(ErrorText.Of(exception));
            return Usage;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Canceled.");
            return Failed;
        }
        catch (Exception exception) when (exception is not NullReferenceException)
        {
            error.WriteLine(ErrorText.Of(exception));
            return Failed;
        }
    }
}
