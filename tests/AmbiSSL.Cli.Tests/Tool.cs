using AmbiSSL.Cli.Commands;

namespace AmbiSSL.Cli.Tests;

/// <summary>What one command line gave.</summary>
internal sealed record Tool(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the tool in this process.</summary>
    public static Tool Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run("ambissl", AllCommands.Create(), arguments, output, error);
        return new Tool(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the tool and returns its output.</summary>
    public static string Succeed(params string[] arguments)
    {
        var run = Run(arguments);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), string.Join(' ', arguments));
        return run.Output;
    }
}
