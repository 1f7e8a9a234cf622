using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// Random numbers keyed by a seed and the place where they are used, so that every part of a synthetic data set can be made alone and in any
/// order.
/// </summary>
internal sealed class SyntheticRandom(int seed, SyntheticStream stream, params ReadOnlySpan<int> keys)
{
    private readonly SplitMix64 _bits = SplitMix64.Keyed(seed, [(int)stream, .. keys]);

    /// <summary>A number from 0 up to, but without, 1.</summary>
    public double NextUniform() => _bits.NextUniform();

    /// <summary>A number between two limits.</summary>
    public double NextUniform(double minimum, double maximum) => minimum + ((maximum - minimum) * NextUniform());

    /// <summary>A whole number from 0 up to, but without, the limit.</summary>
    public int NextInteger(int limit) => (int)(NextUniform() * limit);

    /// <summary>True with the given probability.</summary>
    public bool NextBoolean(double probability) => NextUniform() < probability;

    /// <summary>A standard normal number (Box-Muller).</summary>
    public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - NextUniform())) * Math.Cos(2 * Math.PI * NextUniform());
}
