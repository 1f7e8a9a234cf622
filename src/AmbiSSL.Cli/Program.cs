using System.Globalization;
using AmbiSSL.Cli;
using AmbiSSL.Torch.Runtime;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();
return CommandLine.Run(args, Console.Out, Console.Error);
