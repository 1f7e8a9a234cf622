using System.CommandLine;

namespace AmbiSSL.Cli.Commands;

/// <summary>How a command runs: away from the thread that waits for Ctrl-C.</summary>
internal static class CommandAction
{
    /// <summary>What a command does with its arguments.</summary>
    public delegate void Body(ParseResult arguments, TextWriter output, CancellationToken cancellation);

    /// <summary>Sets what the command does. System.CommandLine listens for Ctrl-C only once the action has handed it a running task.</summary>
    public static Command Runs(this Command command, Body body)
    {
        command.SetAction((arguments, cancellation) =>
            Task.Run(() => body(arguments, arguments.InvocationConfiguration.Output, cancellation), CancellationToken.None));
        return command;
    }
}
