using System.Diagnostics;

namespace AmbiSSL.Cli.Tests;

/// <summary>The built tool in a process of its own.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    /// <summary>Starts it.</summary>
    public static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ambissl.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    /// <summary>Waits for its end, which must come within the time limit.</summary>
    public static (int ExitCode, string Error) Wait(Process process)
    {
        _ = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The tool did not end within {TimeLimit.TotalMinutes} minutes.");
        }

        return (process.ExitCode, error.Result);
    }
}
