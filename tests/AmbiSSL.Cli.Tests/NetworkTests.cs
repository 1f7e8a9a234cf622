using System.Diagnostics;
using System.Globalization;

namespace AmbiSSL.Cli.Tests;

/// <summary>The tool in a network of its own, which leads nowhere and counts what is asked of it.</summary>
[Platform("Linux")]
internal sealed class NetworkTests : CliFixture
{
    [Test]
    public void Training_and_prediction_ask_nothing_of_the_network()
    {
        RequireNetworks();
        var (data, model, tool) = (Data, At("model.zip"), Path.Combine(AppContext.BaseDirectory, "ambissl.dll"));
        string[] train = ["dotnet", tool, "train", "--data", data, "--out", model, .. TinyModel];
        string[] predict = ["dotnet", tool, "predict", "--model", model, "--data", data, "--out", At("masks")];

        var (exitCode, asked) = Run($"{Quote(train)} && {Quote(predict)}");

        Assert.That((exitCode, asked), Is.EqualTo((0, 0)));
        Assert.That(File.Exists(model));
        Assert.That(Directory.EnumerateFileSystemEntries(At("masks")), Is.Not.Empty);
    }

    [Test]
    public void What_is_asked_of_the_network_is_counted()
    {
        RequireNetworks();

        Assert.That(Run("(exec 3<>/dev/tcp/192.0.2.1/80) 2>/dev/null").Asked, Is.Positive);
    }

    private static void RequireNetworks()
    {
        try
        {
            using var process = Process.Start("unshare", ["--map-root-user", "--net", "true"]);
            process.WaitForExit();
            Assume.That(process.ExitCode, Is.Zero, "This system lets no user make a network of their own.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no program 'unshare' here.");
        }
    }

    /// <summary>Runs a command there; packets that went out, or were to and had nowhere to go, and connections that were opened.</summary>
    private (int ExitCode, long Asked) Run(string command)
    {
        var counters = At("counters");
        var script = $"{command}; code=$?; cat /proc/net/snmp > '{counters}'; exit $code";
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--net", "bash", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (exitCode, error) = ToolProcess.Wait(process);
        TestContext.Out.WriteLine(error);
        var lines = File.ReadLines(counters).ToArray();
        return (exitCode, Count(lines, "Ip:", "OutRequests") + Count(lines, "Ip:", "OutNoRoutes") + Count(lines, "Tcp:", "ActiveOpens"));
    }

    // Two lines of each protocol: names, then numbers.
    private static long Count(string[] lines, string protocol, string name)
    {
        var rows = lines.Where(line => line.StartsWith(protocol, StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();
        return long.Parse(rows[1][Array.IndexOf(rows[0], name)], CultureInfo.InvariantCulture);
    }

    private static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(word => $"'{word}'"));
}
