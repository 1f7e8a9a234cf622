using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests;

/// <summary>Generalized Dice by plain sums over arrays, apart from any tensor operation.</summary>
internal static class ManagedDice
{
    /// <summary>Loss of one mask's foreground and background; pixels that do not count are left out.</summary>
    public static double ForegroundAndBackground(float[] logits, float[] target, bool[]? counted = null)
    {
        var pixels = Enumerable.Range(0, logits.Length).Where(i => counted?[i] ?? true).ToArray();
        double[] probability = [.. pixels.Select(i => Sigmoid(logits[i]))];
        double[] truth = [.. pixels.Select(i => (double)target[i])];
        return 1 - ((Channel(probability, truth) + Channel([.. probability.Select(p => 1 - p)], [.. truth.Select(t => 1 - t)])) / 2);
    }

    /// <summary>Loss of the foreground of several masks, each over the whole batch.</summary>
    public static double Foregrounds(IEnumerable<(double[] Probability, double[] Target)> masks) =>
        1 - masks.Average(mask => Channel(mask.Probability, mask.Target));

    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    public static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static double Channel(double[] probability, double[] target)
    {
        var weight = 1 / Math.Max(Math.Pow(target.Sum(), 2), 1e-6);
        var intersection = probability.Zip(target, (p, t) => p * t).Sum() * weight;
        return 2 * intersection / Math.Max((probability.Sum() + target.Sum()) * weight, 1e-6);
    }
}
