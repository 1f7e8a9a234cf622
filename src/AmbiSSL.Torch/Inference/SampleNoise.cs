using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>Standard normal noise that depends on an image's values and a seed alone (FNV-1a, SplitMix64). The first vectors are the same whatever their number.</summary>
internal sealed class SampleNoise
{
    // Half of the smallest step: keeps uniform numbers off 0, where a normal one is infinite.
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

    /// <summary>Draws noise [N, D] in the caller's dispose scope.</summary>
    /// <param name="vectors">Number N of vectors.</param>
    /// <param name="dimensions">Values D of each.</param>
    /// <param name="sampling">How the vectors are drawn.</param>
    public Tensor Draw(int vectors, int dimensions, CodeSampling sampling)
    {
        using var scope = NewDisposeScope();
        var noise = sampling == CodeSampling.QuasiRandom ? Spread(vectors, dimensions) : Independent(vectors * dimensions);
        return noise.to(ScalarType.Float32).view(vectors, dimensions).MoveToOuterDisposeScope();
    }

    /// <summary>Points of a low-discrepancy sequence under a random shift, through the inverse of the normal distribution function.</summary>
    private Tensor Spread(int vectors, int dimensions)
    {
        var shift = new double[dimensions];
        foreach (ref var value in shift.AsSpan())
        {
            value = _bits.NextUniform();
        }

        return special.ndtri(tensor(Array.ConvertAll(RichtmyerSequence.Points(vectors, shift), point => Math.Max(point, Offset))));
    }

    /// <summary>Box-Muller.</summary>
    private Tensor Independent(int count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            var radius = Math.Sqrt(-2 * Math.Log(_bits.NextUniform() + Offset));
            value = (float)(radius * Math.Cos(2 * Math.PI * (_bits.NextUniform() + Offset)));
        }

        return tensor(values);
    }
}
