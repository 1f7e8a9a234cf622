using System.CommandLine;

namespace AmbiSSL.Cli.Commands;

/// <summary>How a command runs: away from the thread that waits for Ctrl-C.</summary>
internal static class CommandAction
{
    /// <summary>What a command does with its arguments.</summary>
    public delegate void Body(ParseResult arguments, TextWriter output, CancellationToken cancellation);

    /// <summary>What a command does with its arguments; false where what it looked at is not good: exit code 1.</summary>
    public delegate bool Test(ParseResult arguments, TextWriter output, CancellationToken cancellation);

    /// <summary>Sets what the command does.</summary>
    public static Command Runs(this Command command, Body body) => command.Runs((arguments, output, cancellation) =>
    {
        body(arguments, output, cancellation);
        return true;
    });

    /// <summary>Sets what the command does. System.CommandLine listens for Ctrl-C only once the action has handed it a running task.</summary>
    public static Command Runs(this Command command, Test test)
    {
        command.SetAction((arguments, cancellation) => Task.Run(
            () =>
            {
                RequireCurrentFolder();
                return test(arguments, arguments.InvocationConfiguration.Output, cancellation) ? 0 : CommandLine.Failed;
            },
            CancellationToken.None));
        return command;
    }

    // Without one, libtorch ends the process.
    private static void RequireCurrentFolder()
    {
        try
        {
            Directory.GetCurrentDirectory();
        }
        catch (FileNotFoundException exception)
        {
            throw new IOException("The current folder was deleted; change to another one.", exception);
        }
    }
}
