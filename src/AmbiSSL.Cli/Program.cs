using System.Globalization;
using AmbiSSL;
using AmbiSSL.Cli;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();
return CommandLine.Run(args, Console.Out, Console.Error);
