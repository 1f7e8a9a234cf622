using System.CommandLine;
using AmbiSSL.Cli.Commands;

namespace AmbiSSL.Cli;

/// <summary>The tool's commands, and how their ends become exit codes: 0, 1 (failed) or 2 (usage).</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>Runs one command line.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = CreateRoot().Parse(arguments);
        var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        try
        {
            var code = parsed.Invoke(invocation);
            return parsed.Errors.Count > 0 ? Usage : code;
        }
        catch (UsageException exception)
        {
            error.WriteLine(exception.Message);
            return Usage;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Cancelled.");
            return Failed;
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or NullReferenceException))
        {
            error.WriteLine(exception.Message);
            return Failed;
        }
    }

    private static RootCommand CreateRoot() => new(
        "Trains, samples, evaluates and compares segmentation models for images whose experts disagree.")
    {
        CrossvalCommand.Create(),
        TableCommand.Create(),
        CompareCommand.Create(),
    };
}
