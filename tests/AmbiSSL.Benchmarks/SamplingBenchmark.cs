using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>What more masks for an image cost, and the split head beside the plain one.</summary>
internal static class SamplingBenchmark
{
    private const int Pairs = 7;
    private const int Samples = 50;
    private const double Tolerance = 1e-4;
    private const double RoundedTolerance = 5e-2;

    public static void Run(Precision precision)
    {
        foreach (var (name, backbone) in UntrainedModel.BackbonesIn(precision))
        {
            foreach (var side in new[] { 128, 256 })
            {
                using var model = UntrainedModel.Create(backbone, side, precision);
                var one = Sampling(model, 1);
                foreach (var samples in new[] { 10, Samples })
                {
                    var pairs = Elapsed.Pairs(Pairs, Sampling(model, samples), one);
                    Console.WriteLine($"{name}, {side}x{side}: N = {samples} takes {Statistics.WallRatio(pairs):F2} times N = 1 "
                        + $"({1000 * Statistics.MedianSeconds(pairs.First):F0} ms, {1000 * Statistics.MedianSeconds(pairs.Second):F0} ms)");
                }

                CompareHeads(name, model, side, precision == Precision.Float32 ? Tolerance : RoundedTolerance);
            }
        }
    }

    private static Action Sampling(SegmentationModel model, int samples)
    {
        var image = Enumerable.Range(0, model.Shape.Length).Select(i => (i * 7919 % 256) / 255f).ToArray();
        var masks = new byte[samples * model.Shape.PixelCount];
        var probability = new float[model.Shape.PixelCount];
        return () => model.SampleMasks(image, samples, masks, probability);
    }

    private static void CompareHeads(string name, SegmentationModel model, int side, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var labels = ((AmbiSSLMethod)model.Method).Labels;
        var head = labels.Phi.Head;
        var features = labels.Phi.Decoder.Decode(labels.Encoder.Encode(rand(1, 1, side, side)));
        var codes = randn(1, Samples, model.Method.NoiseDimensions);
        var difference = (Plain(head, features, codes) - head.Infer(features, codes)).abs().max().item<float>();
        if (!(difference <= tolerance))
        {
            throw new InvalidOperationException($"{name}, {side}x{side}: the logits of the two heads differ by {difference}; at most {tolerance} is expected.");
        }

        var pairs = Elapsed.Pairs(Pairs, () => Plain(head, features, codes).Dispose(), () => head.Infer(features, codes).Dispose());
        Console.WriteLine($"{name}, {side}x{side}: the plain head at N = {Samples} takes {Statistics.WallRatio(pairs):F2} times the split head "
            + $"({1000 * Statistics.MedianSeconds(pairs.First):F1} ms, {1000 * Statistics.MedianSeconds(pairs.Second):F1} ms); "
            + $"logits differ by {difference:E1}");
    }

    /// <summary>Every code in turn concatenated with the features, then all four convolutions.</summary>
    private static Tensor Plain(SegmentationHead head, Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var convolutions = head.named_modules().Where(layer => layer.module is ImageConvolution)
            .ToDictionary(layer => layer.name, layer => (ImageConvolution)layer.module);
        ImageConvolution[] layers = [convolutions["layers.0"], convolutions["layers.2"], convolutions["layers.4"], convolutions["last_layer"]];
        var samples = new Tensor[codes.shape[1]];
        for (var n = 0; n < samples.Length; n++)
        {
            using var pass = NewDisposeScope();
            var code = codes.select(1, n).unsqueeze(-1).unsqueeze(-1).expand(-1, -1, features.shape[2], features.shape[3]);
            var x = cat([features, code], 1);
            foreach (var layer in layers[..^1])
            {
                x = layer.call(x).relu_();
            }

            samples[n] = layers[^1].call(x).MoveToOuterDisposeScope();
        }

        return cat(samples, 1).MoveToOuterDisposeScope();
    }
}
