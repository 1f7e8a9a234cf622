using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AmbiSSL.Torch.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// A segmentation head without gradient, on the CPU in float32, up to the values of its last layer. A few pixels go through all layers, for all
/// codes, before the next ones are read, so that only features and logits pass through memory; a layer at a time, as libtorch has it, moves every
/// hidden channel of every code.
/// </summary>
internal sealed class HeadKernel
{
    /// <summary>Output channels whose sums are held in registers.</summary>
    private const int Block = 8;

    /// <summary>Pixels whose features stay in the first cache while the codes take their turns; a multiple of any lane count.</summary>
    private const int Tile = 128;

    /// <summary>Channels for which there is room on any thread's stack.</summary>
    private const int MostChannels = 512;

    private readonly int _channels;
    private readonly float[][] _weights;
    private readonly float[][] _biases;
    private readonly float[] _lastWeight;
    private readonly float[] _lastBias;

    /// <param name="hidden">The hidden layers after the first.</param>
    /// <param name="last">The last layer, of an output for each class.</param>
    public HeadKernel(IEnumerable<ImageConvolution> hidden, ImageConvolution last)
    {
        using var scope = NewDisposeScope();
        _weights = [.. hidden.Select(layer => Values(layer.Weight.flatten(1).t()))];
        _biases = [.. hidden.Select(layer => Values(layer.Bias!))];
        _lastWeight = Values(last.Weight);
        _lastBias = Values(last.Bias!);
        _channels = _lastWeight.Length / _lastBias.Length;
    }

    /// <summary>Whether it can compute with hidden channels [B, F, H, W] of that kind, and give so many planes of each image, on this processor.</summary>
    public static bool CanCompute(Tensor seen, int planes) =>
        seen.device_type == DeviceType.CPU && seen.dtype == ScalarType.Float32
        && seen.shape[1] % Block == 0 && seen.shape[1] <= MostChannels
        && Math.Max(seen.shape[1], planes) * seen.shape[0] * seen.shape[2] * seen.shape[3] <= int.MaxValue / sizeof(float)
        && ((Avx512Operations.IsSupported && seen.shape[2] * seen.shape[3] >= Avx512Operations.Count)
            || (FmaOperations.IsSupported && seen.shape[2] * seen.shape[3] >= FmaOperations.Count));

    /// <summary>Values [B, N, K, H, W] of codes that add biases [B, N, F] to what the first layer made of the features [B, F, H, W].</summary>
    public unsafe Tensor Values(Tensor seen, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var (images, pixels, codes) = (seen.shape[0], (int)(seen.shape[2] * seen.shape[3]), (int)bias.shape[1]);
        var values = empty([images, codes, _lastBias.Length, seen.shape[2], seen.shape[3]], ScalarType.Float32);
        var codeBias = Values(bias);
        fixed (byte* features = seen.contiguous().bytes, results = values.bytes)
        {
            var source = (float*)features;
            var destination = (float*)results;
            var tiles = (pixels + Tile - 1) / Tile;
            void Compute(int index)
            {
                using var denormals = DenormalNumbers.TakeForZero();
                var (image, first) = (index / tiles, index % tiles * Tile);
                ref var own = ref *(source + ((long)image * _channels * pixels));
                ref var result = ref *(destination + ((long)image * codes * _lastBias.Length * pixels));
                var codeBiases = codeBias.AsSpan(image * codes * _channels, codes * _channels);
                if (Avx512Operations.IsSupported && pixels >= Avx512Operations.Count)
                {
                    ComputeTile<Vector512<float>, Avx512Operations>(ref own, codeBiases, ref result, first, pixels);
                }
                else
                {
                    ComputeTile<Vector256<float>, FmaOperations>(ref own, codeBiases, ref result, first, pixels);
                }
            }

            var threads = get_num_threads();
            if (threads == 1)
            {
                for (var i = 0; i < images * tiles; i++)
                {
                    Compute(i);
                }
            }
            else
            {
                Parallel.For(0, (int)images * tiles, new ParallelOptions { MaxDegreeOfParallelism = threads }, Compute);
            }
        }

        return values.MoveToOuterDisposeScope();
    }

    private static float[] Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.detach().contiguous().bytes).ToArray();

    /// <summary>All codes for the pixels of a tile, a lane for each pixel. The last lanes of an image begin early enough to be full.</summary>
    private void ComputeTile<TVector, TOperations>(ref float seen, ReadOnlySpan<float> codeBiases, ref float values, int first, int pixels)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        Span<float> space = stackalloc float[2 * _channels * TOperations.Count];
        var input = space[..(space.Length / 2)];
        var output = space[(space.Length / 2)..];
        var codes = codeBiases.Length / _channels;
        var end = Math.Min(first + Tile, pixels);
        for (var code = 0; code < codes; code++)
        {
            for (var next = first; next < end; next += TOperations.Count)
            {
                var pixel = Math.Min(next, pixels - TOperations.Count);
                FirstLayer<TVector, TOperations>(ref Unsafe.Add(ref seen, pixel), pixels, codeBiases.Slice(code * _channels, _channels), ref input[0]);
                for (var layer = 0; layer < _weights.Length; layer++)
                {
                    HiddenLayer<TVector, TOperations>(ref input[0], _weights[layer], _biases[layer], ref output[0]);
                    var exchanged = input;
                    input = output;
                    output = exchanged;
                }

                for (var plane = 0; plane < _lastBias.Length; plane++)
                {
                    TOperations.Store(
                        LastLayer<TVector, TOperations>(ref input[0], plane),
                        ref Unsafe.Add(ref values, ((((nint)code * _lastBias.Length) + plane) * pixels) + pixel));
                }
            }
        }
    }

    private static void FirstLayer<TVector, TOperations>(ref float seen, nint pixels, ReadOnlySpan<float> bias, ref float output)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        var zero = TOperations.Broadcast(0);
        for (var channel = 0; channel < bias.Length; channel++)
        {
            var sum = TOperations.Add(TOperations.Load(ref seen), TOperations.Broadcast(bias[channel]));
            TOperations.Store(TOperations.Max(zero, sum), ref output);
            seen = ref Unsafe.Add(ref seen, pixels);
            output = ref Unsafe.Add(ref output, TOperations.Count);
        }
    }

    private static void HiddenLayer<TVector, TOperations>(ref float input, float[] weights, float[] bias, ref float output)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        var zero = TOperations.Broadcast(0);
        for (var channel = 0; channel < bias.Length; channel += Block)
        {
            ref var start = ref bias[channel];
            var sum0 = TOperations.Broadcast(start);
            var sum1 = TOperations.Broadcast(Unsafe.Add(ref start, 1));
            var sum2 = TOperations.Broadcast(Unsafe.Add(ref start, 2));
            var sum3 = TOperations.Broadcast(Unsafe.Add(ref start, 3));
            var sum4 = TOperations.Broadcast(Unsafe.Add(ref start, 4));
            var sum5 = TOperations.Broadcast(Unsafe.Add(ref start, 5));
            var sum6 = TOperations.Broadcast(Unsafe.Add(ref start, 6));
            var sum7 = TOperations.Broadcast(Unsafe.Add(ref start, 7));
            ref var weight = ref weights[channel];
            ref var value = ref input;
            for (var i = 0; i < bias.Length; i++)
            {
                var factor = TOperations.Load(ref value);
                sum0 = TOperations.MultiplyAdd(TOperations.Broadcast(weight), factor, sum0);
                sum1 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 1)), factor, sum1);
                sum2 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 2)), factor, sum2);
                sum3 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 3)), factor, sum3);
                sum4 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 4)), factor, sum4);
                sum5 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 5)), factor, sum5);
                sum6 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 6)), factor, sum6);
                sum7 = TOperations.MultiplyAdd(TOperations.Broadcast(Unsafe.Add(ref weight, 7)), factor, sum7);
                weight = ref Unsafe.Add(ref weight, bias.Length);
                value = ref Unsafe.Add(ref value, TOperations.Count);
            }

            ref var result = ref Unsafe.Add(ref output, channel * TOperations.Count);
            TOperations.Store(TOperations.Max(zero, sum0), ref result);
            TOperations.Store(TOperations.Max(zero, sum1), ref Unsafe.Add(ref result, 1 * TOperations.Count));
            TOperations.Store(TOperations.Max(zero, sum2), ref Unsafe.Add(ref result, 2 * TOperations.Count));
            TOperations.Store(TOperations.Max(zero, sum3), ref Unsafe.Add(ref result, 3 * TOperations.Count));
            TOperations.Store(TOperations.Max(zero, sum4), ref Unsafe.Add(ref result, 4 * TOperations.Count));
            TOperations.Store(TOperations.Max(zero, sum5), ref Unsafe.Add(ref result, 5 * TOperations.Count));
            TOperations.Store(TOperations.Max(zero, sum6), ref Unsafe.Add(ref result, 6 * TOperations.Count));
            TOperations.Store(TOperations.Max(zero, sum7), ref Unsafe.Add(ref result, 7 * TOperations.Count));
        }
    }

    private TVector LastLayer<TVector, TOperations>(ref float input, int plane)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        var sum = TOperations.Broadcast(_lastBias[plane]);
        foreach (var weight in _lastWeight.AsSpan(plane * _channels, _channels))
        {
            sum = TOperations.MultiplyAdd(TOperations.Broadcast(weight), TOperations.Load(ref input), sum);
            input = ref Unsafe.Add(ref input, TOperations.Count);
        }

        return sum;
    }
}
