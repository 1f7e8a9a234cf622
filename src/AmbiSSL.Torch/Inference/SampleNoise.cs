using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>
/// Standard normal noise that depends on an image's values and a seed alone (FNV-1a, SplitMix64). The first vectors are the same whatever their
/// number.
/// </summary>
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

    /// <summary>Draws the noise [B, N, D] of several images at once, in the caller's dispose scope: each has what it has alone.</summary>
    /// <param name="images">[B, C, H, W] on the CPU, row-major.</param>
    /// <param name="seed">Of the noise.</param>
    /// <param name="vectors">Number N of vectors for each image.</param>
    /// <param name="dimensions">Values D of each.</param>
    /// <param name="sampling">How the vectors are drawn.</param>
    public static Tensor DrawEach(Tensor images, int seed, int vectors, int dimensions, CodeSampling sampling)
    {
        var batch = (int)images.shape[0];
        var values = new double[batch][];

        // Most of the time goes into reading all pixels, and a GPU has nothing to do meanwhile.
        Parallel.For(0, batch, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, i =>
        {
            var pixels = MemoryMarshal.Cast<byte, float>(images.bytes);
            var length = pixels.Length / batch;
            values[i] = new SampleNoise(pixels.Slice(i * length, length), seed).Values(vectors, dimensions, sampling);
        });
        return ToNormal([.. values.SelectMany(own => own)], sampling, batch, vectors, dimensions);
    }

    /// <summary>Draws noise [N, D] in the caller's dispose scope.</summary>
    /// <param name="vectors">Number N of vectors.</param>
    /// <param name="dimensions">Values D of each.</param>
    /// <param name="sampling">How the vectors are drawn.</param>
    public Tensor Draw(int vectors, int dimensions, CodeSampling sampling) =>
        ToNormal(Values(vectors, dimensions, sampling), sampling, vectors, dimensions);

    private static Tensor ToNormal(double[] values, CodeSampling sampling, params long[] shape)
    {
        using var scope = NewDisposeScope();
        var drawn = tensor(values);
        var normal = sampling == CodeSampling.QuasiRandom ? special.ndtri(drawn) : drawn;
        return normal.to(ScalarType.Float32).view(shape).MoveToOuterDisposeScope();
    }

    /// <summary>Numbers [N, D]: uniform ones, of which <see cref="ToNormal"/> makes normal ones, or normal ones.</summary>
    private double[] Values(int vectors, int dimensions, CodeSampling sampling) =>
        sampling == CodeSampling.QuasiRandom ? Spread(vectors, dimensions) : Independent(vectors * dimensions);

    /// <summary>Points of a low-discrepancy sequence under a random shift, for the inverse of the normal distribution function.</summary>
    private double[] Spread(int vectors, int dimensions)
    {
        var shift = new double[dimensions];
        foreach (ref var value in shift.AsSpan())
        {
            value = _bits.NextUniform();
        }

        return Array.ConvertAll(RichtmyerSequence.Points(vectors, shift, Primes(dimensions)), point => Math.Max(point, Offset));
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
    private double[] Independent(int count)
    {
        var values = new double[count];
        foreach (ref var value in values.AsSpan())
        {
            var radius = Math.Sqrt(-2 * Math.Log(_bits.NextUniform() + Offset));
            value = radius * Math.Cos(2 * Math.PI * (_bits.NextUniform() + Offset));
        }

        return values;
    }
}
