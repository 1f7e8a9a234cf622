using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Inference;

/// <summary>Standard normal noise that depends on an image's values and a seed alone (FNV-1a, SplitMix64, Box-Muller).</summary>
internal sealed class SampleNoise
{
    private ulong _state;

    public SampleNoise(ReadOnlySpan<float> image, int seed)
    {
        var hash = 14695981039346656037UL;
        foreach (var bits in MemoryMarshal.Cast<float, uint>(image))
        {
            hash = (hash ^ bits) * 1099511628211UL;
        }

        _state = hash ^ ((ulong)(uint)seed * 0x9E3779B97F4A7C15UL);
    }

    public void Fill(Span<float> destination)
    {
        foreach (ref var value in destination)
        {
            var radius = Math.Sqrt(-2 * Math.Log(NextUniform()));
            value = (float)(radius * Math.Cos(2 * Math.PI * NextUniform()));
        }
    }

    /// <summary>Uniform on (0, 1).</summary>
    private double NextUniform()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (((z ^ (z >> 31)) >> 11) + 0.5) / (1UL << 53);
    }
}
