using System.Globalization;
using AmbiSSL;
using AmbiSSL.Experiments.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();
return CommandLine.Run("experiments", AllCommands.Create(), args, Console.Out, Console.Error);
