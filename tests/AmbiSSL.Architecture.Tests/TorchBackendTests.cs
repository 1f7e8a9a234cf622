using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>The property <c>TorchBackend</c> chooses the native libtorch of applications; libraries leave it to theirs.</summary>
public sealed class TorchBackendTests
{
    [TestCase("cpu")]
    [TestCase("cuda-windows")]
    [TestCase("cuda-linux")]
    public void An_application_references_the_chosen_package_alone(string backend) =>
        Assert.That(TorchPackages("samples/Quickstart", $"-p:TorchBackend={backend}"), Is.EqualTo([$"TorchSharp-{backend}"]));

    [Test]
    public void The_processor_is_the_default() => Assert.That(TorchPackages("src/AmbiSSL.Cli"), Is.EqualTo(["TorchSharp-cpu"]));

    [TestCase("src/AmbiSSL.Torch")]
    [TestCase("src/AmbiSSL.MLNet")]
    public void A_library_references_none(string project) => Assert.That(TorchPackages(project, "-p:TorchBackend=cuda-linux"), Is.Empty);

    /// <summary>Evaluates a project without restoring it: CUDA's packages take gigabytes.</summary>
    private static string[] TorchPackages(string project, params string[] properties)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", "-getItem:PackageReference", .. properties])
        {
            WorkingDirectory = Path.Combine(SourceFiles.Repository(), project),
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        using var evaluated = JsonDocument.Parse(output);
        return [.. evaluated.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(package => package.GetProperty("Identity").GetString()!)
            .Where(id => id.StartsWith("TorchSharp-", StringComparison.Ordinal))];
    }
}
