using System.CommandLine;
using System.CommandLine.Invocation;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The option of every command that names the folder of another libtorch, as the environment variable AMBISSL_LIBTORCH does.</summary>
internal sealed class LibTorchOption : Option<string?>
{
    private const string Variable = "AMBISSL_LIBTORCH";

    /// <summary>Makes the option.</summary>
    public LibTorchOption()
        : base("--libtorch")
    {
        Description = $"Folder of another libtorch to compute with, such as torch/lib of a PyTorch with CUDA (also: {Variable})";
        HelpName = "DIR";
        Recursive = true;
        Action = new Naming(this);
    }

    private sealed class Naming(LibTorchOption option) : SynchronousCommandLineAction
    {
        public override bool Terminating => false;

        public override int Invoke(ParseResult arguments)
        {
            Environment.SetEnvironmentVariable(Variable, arguments.GetValue(option));
            return 0;
        }
    }
}
