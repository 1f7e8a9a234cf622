using System.Diagnostics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests;

/// <summary>A Python that is there already, and has what a test needs of it.</summary>
internal sealed class Python
{
    private readonly string _program;

    private Python(string program) => _program = program;

    /// <summary>Finds one that can import some modules; the test is ignored where there is none.</summary>
    public static Python Importing(string modules)
    {
        string?[] programs = [Environment.GetEnvironmentVariable("PYTHON"), "python3", "/usr/bin/python3"];
        return programs.OfType<string>().Select(program => new Python(program))
            .FirstOrDefault(python => python.Try(".", ["-c", $"import {modules}"]) is (0, _, _))
            ?? throw new IgnoreException($"Neither $PYTHON nor python3 nor /usr/bin/python3 can import {modules}.");
    }

    /// <summary>Runs a script to its end, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public string Run(string folder, params string[] arguments)
    {
        var (code, output, error) = Try(folder, arguments);
        Assert.That((code, error), Is.EqualTo((0, "")));
        return output;
    }

    private (int Code, string Output, string Error) Try(string folder, string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(_program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, "", exception.Message);
        }
    }
}
