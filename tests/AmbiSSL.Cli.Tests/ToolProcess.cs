using System.Diagnostics;

namespace AmbiSSL.Cli.Tests;

/// <summary>The built tool in a process of its own.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    /// <summary>Starts it.</summary>
    public static Process Start(params string[] arguments) => Process.Start(Call(arguments))!;

    /// <summary>Runs it to its end with an environment variable.</summary>
    public static Tool Run((string Name, string Value) variable, params string[] arguments)
    {
        var call = Call(arguments);
        call.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(call)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var (code, error) = WaitForEnd(process);
        return new Tool(code, output.Result, error);
    }

    /// <summary>Waits for its end, which must come within the time limit.</summary>
    public static (int ExitCode, string Error) Wait(Process process)
    {
        _ = process.StandardOutput.ReadToEndAsync();
        return WaitForEnd(process);
    }

    private static ProcessStartInfo Call(string[] arguments) => new("dotnet", [Path.Combine(AppContext.BaseDirectory, "ambissl.dll"), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static (int ExitCode, string Error) WaitForEnd(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The tool did not end within {TimeLimit.TotalMinutes} minutes.");
        }

        return (process.ExitCode, error.Result);
    }
}
