using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The argument that says where networks compute.</summary>
internal sealed class DeviceArgument
{
    private readonly Option<ComputeDevice> _device = new("--device")
    {
        Description = "Where networks compute: auto, cpu, cuda or cuda:INDEX", HelpName = "DEVICE", DefaultValueFactory = _ => ComputeDevice.Auto,
        CustomParser = result =>
        {
            try
            {
                return ComputeDevice.Parse(result.Tokens[0].Value);
            }
            catch (FormatException exception)
            {
                result.AddError($"--device: {exception.Message}");
                return ComputeDevice.Auto;
            }
        },
    };

    /// <summary>Adds the argument to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_device);

    /// <summary>The device.</summary>
    public ComputeDevice Value(ParseResult result) => result.GetValue(_device);
}
