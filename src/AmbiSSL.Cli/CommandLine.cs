using System.CommandLine;
using System.CommandLine.Invocation;
using AmbiSSL.Cli.Commands;

namespace AmbiSSL.Cli;

/// <summary>The tool's commands, and how their ends become exit codes: 0, 1 (failed) or 2 (usage).</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;

    // A training step of a large model on a CPU takes seconds; the run ends between steps.
    private static readonly TimeSpan CancellationTime = TimeSpan.FromMinutes(1);

    /// <summary>Runs one command line.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = CreateRoot().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            var command = parsed.CommandResult.Command is RootCommand ? "ambissl" : $"ambissl {parsed.CommandResult.Command.Name}";
            error.WriteLine(string.Join(Environment.NewLine, parsed.Errors.Select(problem => ErrorText.OfUsage(problem.Message))));
            error.WriteLine($"See {command} --help.");
            return Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = CancellationTime,
        };
        try
        {
            return parsed.Invoke(invocation);
        }
        catch (UsageException exception)
        {
            error.WriteLine(ErrorText.Of(exception));
            return Usage;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Cancelled.");
            return Failed;
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or NullReferenceException))
        {
            error.WriteLine(ErrorText.Of(exception));
            return Failed;
        }
    }

    private static RootCommand CreateRoot() => new(
        "Trains, samples, evaluates and compares segmentation models for images whose experts disagree.")
    {
        TrainCommand.Create(),
        PredictCommand.Create(),
        EvaluateCommand.Create(),
        InfoCommand.Create(),
        SynthCommand.Create(),
        CrossvalCommand.Create(),
        TableCommand.Create(),
        CompareCommand.Create(),
    };
}
