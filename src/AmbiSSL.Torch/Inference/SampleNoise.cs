using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Inference;

/// <summary>Standard normal noise that depends on an image's values and a seed alone (FNV-1a, SplitMix64, Box-Muller).</summary>
internal sealed class SampleNoise
{
    // Half of the smallest step: keeps uniform numbers off 0, whose logarithm is infinite.
    private const double Offset = 0.5 / (1UL << 53);

    private readonly SplitMix64 _bits;

    public SampleNoise(ReadOnlySpan<float> image, int seed)
    {
        var hash = 14695981039346656037UL;
        foreach (var bits in MemoryMarshal.Cast<float, uint>(image))
        {
            hash = (hash ^ bits) * 1099511628211UL;
        }

        _bits = new SplitMix64(hash ^ ((ulong)(uint)seed * SplitMix64.Increment));
    }

    public void Fill(Span<float> destination)
    {
        foreach (ref var value in destination)
        {
            var radius = Math.Sqrt(-2 * Math.Log(_bits.NextUniform() + Offset));
            value = (float)(radius * Math.Cos(2 * Math.PI * (_bits.NextUniform() + Offset)));
        }
    }
}
