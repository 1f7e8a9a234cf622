using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>Programs that know ML.NET alone, or run for long, and what they should see.</summary>
internal static class AnotherProcess
{
    private const string Loader = "AmbiSSL.MLNet.Tests.LoadModel";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>A hash of each model's columns for the saved data, computed there; where it fails, what it said.</summary>
    public static string[] Hashes(string dataPath, params string[] modelPaths) => Run(Loader, [dataPath, .. modelPaths]);

    /// <summary>What is left to say of threads that compute while the model is disposed: one word where all went well.</summary>
    public static string[] Race(string dataPath, string modelPath, int seed) => Run(Loader, "race", dataPath, modelPath, $"{seed}");

    /// <summary>A line for each kind of call that is made again and again, with what it keeps; where one keeps too much, what was said.</summary>
    public static string[] Long(int divisor) => Run("AmbiSSL.Benchmarks", "long", "--divide", $"{divisor}");

    private static string[] Run(string program, params string[] own)
    {
        var tests = Path.Combine(AppContext.BaseDirectory, "AmbiSSL.MLNet.Tests");
        string[] arguments =
        [
            "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json",
            Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. own,
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeLimit))
        {
            process.Kill(entireProcessTree: true);
            return [$"no end within {TimeLimit.TotalMinutes} minutes"];
        }

        return process.ExitCode == 0
            ? output.Result.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            : [$"exit code {process.ExitCode}: {output.Result}{error.Result}"];
    }

    /// <summary>The same hash, computed here.</summary>
    public static string Hash(IDataView scored)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var masks in TinyData.Masks(scored))
        {
            hash.AppendData(masks);
        }

        if (scored.Schema.GetColumnOrNull("AnnotatorMasks") is not null)
        {
            foreach (var masks in AnnotatorData.Masks(scored))
            {
                hash.AppendData(masks);
            }
        }

        foreach (var values in scored.GetColumn<float[]>("Probability").Concat(scored.GetColumn<float[]>("Uncertainty")))
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
