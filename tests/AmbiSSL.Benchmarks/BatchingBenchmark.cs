using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>Ten masks for each of several images: one forward for all beside one for each, in time and in the values of the results.</summary>
internal static class BatchingBenchmark
{
    private const int Pairs = 7;
    private const int Samples = 10;

    public static void Run()
    {
        foreach (var (name, backbone) in UntrainedModel.Backbones)
        {
            foreach (var side in new[] { 64, 128 })
            {
                using var model = UntrainedModel.Create(backbone, side);
                foreach (var count in new[] { 4, 16 })
                {
                    using var scope = NewDisposeScope();
                    using var inference = inference_mode();
                    using var denormals = DenormalNumbers.TakeForZero();
                    using var generator = new Generator(1);
                    var images = rand([count, 1, side, side], generator: generator);
                    var noise = randn([count, Samples, model.Method.NoiseDimensions], generator: generator);
                    Tensor Together() => model.Method.Probabilities(images, noise);
                    Tensor OneByOne()
                    {
                        using var inner = NewDisposeScope();
                        var each = Enumerable.Range(0, count).Select(i => model.Method.Probabilities(images.narrow(0, i, 1), noise.narrow(0, i, 1)));
                        return cat([.. each]).MoveToOuterDisposeScope();
                    }

                    var (together, apart) = (Together(), OneByOne());
                    var difference = (together - apart).abs().max().item<float>();
                    var equal = together.eq(apart).to(ScalarType.Float64).mean().item<double>();
                    var flipped = together.gt(0.5).ne(apart.gt(0.5)).sum().item<long>();
                    var pairs = Elapsed.Pairs(Pairs, () => Together().Dispose(), () => OneByOne().Dispose());
                    Console.WriteLine($"{name}, {side}x{side}, {count} images: one forward takes {Statistics.WallRatio(pairs):F2} times as long as {count} "
                        + $"({1000 * Statistics.MedianSeconds(pairs.First):F0} ms, {1000 * Statistics.MedianSeconds(pairs.Second):F0} ms); "
                        + $"{equal:P1} of the probabilities have the same bits, and the largest difference is {difference:E1}; "
                        + $"{flipped:N0} of {together.numel():N0} pixels of the masks differ");
                }
            }
        }
    }
}
