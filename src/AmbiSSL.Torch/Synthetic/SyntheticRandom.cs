namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), keyed by a seed and the place where its numbers are used, so that every part of a
/// synthetic data set can be made alone and in any order.
/// </summary>
internal sealed class SyntheticRandom
{
    private ulong _state;

    public SyntheticRandom(int seed, SyntheticStream stream, params ReadOnlySpan<int> keys)
    {
        _state = Scramble((uint)seed);
        Absorb((int)stream);
        foreach (var key in keys)
        {
            Absorb(key);
        }
    }

    /// <summary>A number from 0 up to, but without, 1.</summary>
    public double NextUniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number between two limits.</summary>
    public double NextUniform(double minimum, double maximum) => minimum + ((maximum - minimum) * NextUniform());

    /// <summary>A whole number from 0 up to, but without, the limit.</summary>
    public int NextInteger(int limit) => (int)(NextUniform() * limit);

    /// <summary>True with the given probability.</summary>
    public bool NextBoolean(double probability) => NextUniform() < probability;

    /// <summary>A standard normal number (Box-Muller).</summary>
    public double NextGaussian() => Math.Sqrt(-2 * Math.Log(1 - NextUniform())) * Math.Cos(2 * Math.PI * NextUniform());

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private void Absorb(int key) => _state = Scramble(_state ^ (((ulong)(uint)key + 1) * 0x9E3779B97F4A7C15));

    private ulong Next() => Scramble(_state += 0x9E3779B97F4A7C15);
}
