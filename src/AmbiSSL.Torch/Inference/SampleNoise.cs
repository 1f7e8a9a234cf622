using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>Standard normal noise that depends on an image's values and a seed alone (FNV-1a, SplitMix64). The first vectors are the same whatever their number.</summary>
internal sealed class SampleNoise
{
    // Half of the smallest step: keeps uniform numbers off 0, where a normal one is infinite.
    private const double Offset = 0.5 / (1UL << 53);

    private readonly SplitMix64 _bits;
    private readonly bool _ordersPrimes;

    public SampleNoise(ReadOnlySpan<float> image, int seed)
    {
        var hash = new ValueHash();
        hash.Add(image);
        _bits = new SplitMix64(hash.Value ^ ((ulong)(uint)seed * SplitMix64.Increment));
    }

    private SampleNoise(SplitMix64 bits) => (_bits, _ordersPrimes) = (bits, true);

    /// <summary>The noise at a node of a grid over an image, which neither its values nor the order of its vectors tie to that at another.</summary>
    public static SampleNoise OfNode(ulong image, int seed, int row, int column) =>
        new(SplitMix64.Keyed(seed, (int)image, (int)(image >> 32), row, column));

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

        return special.ndtri(tensor(Array.ConvertAll(RichtmyerSequence.Points(vectors, shift, Primes(dimensions)), point => Math.Max(point, Offset))));
    }

    /// <summary>Which of the primes each dimension takes: in order, or any of three times as many, each once.</summary>
    private int[] Primes(int dimensions)
    {
        int[] primes = [.. Enumerable.Range(0, _ordersPrimes ? 3 * dimensions : dimensions)];
        for (var d = 0; d < dimensions && _ordersPrimes; d++)
        {
            var other = d + (int)(_bits.NextUniform() * (primes.Length - d));
            (primes[d], primes[other]) = (primes[other], primes[d]);
        }

        return primes[..dimensions];
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
