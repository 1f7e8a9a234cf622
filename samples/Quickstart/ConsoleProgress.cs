using AmbiSSL;

namespace Quickstart;

/// <summary>Shows losses and time left: one changing line on a terminal, a line an epoch elsewhere.</summary>
internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (Console.IsOutputRedirected && !value.IsEpochEnd)
        {
            return;
        }

        var line = $"  epoch {value.Epoch,3}/{value.Epochs}  step {value.Step,4}/{value.StepsPerEpoch}  loss {value.Losses["total"]:F3}"
            + $"  dice {value.Losses["dice_theta"]:F3}  bound {value.Losses["bound_theta"]:F3}{Unlabeled(value)}"
            + $"  {value.ImagesPerSecond,5:F1} images/s  {value.Remaining:mm\\:ss} left";
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(line);
        }
        else
        {
            Console.Write($"\r{line}{(value.IsEpochEnd ? Environment.NewLine : "")}");
        }
    }

    private static string Unlabeled(TrainingProgress value) =>
        value.Losses.TryGetValue("unlabeled_dice_phi", out var phi) ? $"  unlabeled dice {(phi + value.Losses["unlabeled_dice_xi"]) / 2:F3}" : "";
}
