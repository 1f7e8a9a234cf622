using System.Globalization;
using AmbiSSL;
using AmbiSSL.Cli;
using AmbiSSL.Cli.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();
return CommandLine.Run("ambissl", AllCommands.Create(), args, Console.Out, Console.Error);
