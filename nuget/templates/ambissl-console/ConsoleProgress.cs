using AmbiSSL;

namespace AmbiSSLConsole;

/// <summary>Shows losses and time left: one changing line on a terminal, a line an epoch elsewhere.</summary>
internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private const int Width = 79;

    public void Report(TrainingProgress value)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r{value.ToShortString(),-Width}{(value.IsEpochEnd ? Environment.NewLine : "")}");
        }
        else if (value.IsEpochEnd)
        {
            Console.WriteLine(value);
        }
    }
}
