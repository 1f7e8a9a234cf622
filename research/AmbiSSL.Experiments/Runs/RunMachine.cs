using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using TorchSharp;

namespace AmbiSSL.Experiments.Runs;

/// <summary>What a run is made with.</summary>
internal static class RunMachine
{
    /// <summary>Versions, processor and threads as JSON; nothing that names a user, a host or a path.</summary>
    public static string Describe(ComputeDevice device)
    {
        TorchRuntime.EnsureLoaded();
        return new JsonObject
        {
            ["package"] = typeof(ImageSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            ["torchSharp"] = typeof(torch).Assembly.GetName().Version!.ToString(),
            ["dotNet"] = Environment.Version.ToString(),
            ["operatingSystem"] = RuntimeInformation.OSDescription,
            ["processor"] = ProcessorName(),
            ["processorCount"] = Environment.ProcessorCount,
            ["threads"] = torch.get_num_threads(),
            ["device"] = device.ToString(),
        }.ToJsonString();
    }

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
