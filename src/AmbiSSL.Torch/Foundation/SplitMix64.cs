namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// The seeded random numbers of this library, the same on every machine and in every process: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
/// </summary>
internal sealed class SplitMix64(ulong state)
{
    /// <summary>What the state grows by: 2⁶⁴ divided by the golden ratio.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>Starts from a seed and the place where the numbers are used: other keys, other numbers.</summary>
    public static SplitMix64 Keyed(int seed, params ReadOnlySpan<int> keys)
    {
        var state = Scramble((uint)seed);
        foreach (var key in keys)
        {
            state = Scramble(state ^ (((ulong)(uint)key + 1) * Increment));
        }

        return new SplitMix64(state);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next() => Scramble(_state += Increment);

    /// <summary>A number from 0 up to, but without, 1.</summary>
    public double NextUniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
