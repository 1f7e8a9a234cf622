using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace AmbiSSL.Cli.Experiments;

/// <summary>What a run was made with; nothing that names a user, a host or a path.</summary>
internal sealed record RunMachine
{
    /// <summary>Version of this package, with the commit where it is known.</summary>
    public required string Package { get; init; }

    /// <summary>Version of TorchSharp.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>Version of .NET.</summary>
    public required string DotNet { get; init; }

    /// <summary>The operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Name of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Number of processors that the process may use.</summary>
    public required int ProcessorCount { get; init; }

    /// <summary>Threads of libtorch.</summary>
    public required int Threads { get; init; }

    /// <summary>Where tensors were computed, as asked for.</summary>
    public required string Device { get; init; }

    /// <summary>This machine.</summary>
    public static RunMachine Current(ComputeDevice device)
    {
        TorchRuntime.EnsureLoaded();
        return new RunMachine
        {
            Package = typeof(ImageSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            TorchSharp = typeof(torch).Assembly.GetName().Version!.ToString(),
            DotNet = Environment.Version.ToString(),
            OperatingSystem = RuntimeInformation.OSDescription,
            Processor = ProcessorName(),
            ProcessorCount = Environment.ProcessorCount,
            Threads = torch.get_num_threads(),
            Device = device.ToString(),
        };
    }

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
