using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Standard normal noise for each pixel, which follows from a key of two standard normal numbers: so the noise of a whole sample is drawn, kept and
/// given to other programs as those of any other method are, whatever the size of the image.
/// </summary>
/// <remarks>
/// Pixels are numbered, and the numbers go through rounds of x → (x + k)³ in a prime field in which cubes are a permutation, the two parts of the key
/// in turns: the cipher MiMC (Albrecht et al., ASIACRYPT 2016) with a few rounds, enough for noise. Its products are whole numbers below 2⁶³, which
/// every device and ONNX Runtime compute alike. Numbers after the last two rounds make two normal ones by Box and Muller.
/// </remarks>
internal static class PixelNoise
{
    /// <summary>Standard normal numbers of a key.</summary>
    public const int KeyLength = 2;

    // The largest prime below 2^30 of which 3 does not divide the predecessor.
    private const long Prime = (1L << 30) - 35;
    private const int Rounds = 4;

    // Standard normal numbers of 24 bits keep nearly all of them as whole numbers.
    private const float KeySteps = 1 << 24;

    private const float Offset = 0.5f;
    private const float Scale = 1f / Prime;
    private const float Circle = 2 * MathF.PI;

    /// <summary>Noise [B, N, H, W] for keys [B, N, 2], in the caller's dispose scope.</summary>
    public static Tensor Of(Tensor keys, long height, long width)
    {
        using var scope = NewDisposeScope();
        var key = keys.Times(KeySteps).floor().to(ScalarType.Int64).Modulo(Prime);
        var numbers = TensorArithmetic.Range(Pairs(height * width), ScalarType.Int64, keys.device);
        var before = numbers;
        for (var round = 0; round < Rounds; round++)
        {
            before = numbers;
            var sum = numbers.Plus(key.narrow(2, round % KeyLength, 1));
            numbers = ((sum * sum).Modulo(Prime) * sum).Modulo(Prime);
        }

        var radius = Uniform(before).log_().Times(-2).sqrt_();
        var angle = Uniform(numbers).Times(Circle);
        var noise = cat([radius * angle.cos(), radius * angle.sin()], 2);
        return noise.narrow(2, 0, height * width).unflatten(2, height, width).MoveToOuterDisposeScope();
    }

    /// <summary>Writes noise [B, N, P] for keys [B, N, 2] to a graph, P being a row of one number.</summary>
    public static OnnxValue Export(OnnxGraph graph, OnnxValue keys, OnnxValue pixels)
    {
        var steps = graph.Apply("Floor", [graph.Multiply(keys, graph.Constant(KeySteps))]);
        var key = graph.Modulo(graph.Apply("Cast", [steps], ("to", (long)OnnxType.Int64)), graph.Constant(Prime));
        var pairs = graph.Divide(graph.Add(pixels, graph.Constant(1)), graph.Constant(2));
        var first = graph.Apply("Range", [Number(graph.Constant(0)), Number(pairs), Number(graph.Constant(1))]);
        return graph.ForEach(key, axis: 1, (turn, own) =>
        {
            var (before, numbers) = (first, first);
            for (var round = 0; round < Rounds; round++)
            {
                before = numbers;
                var sum = turn.Add(numbers, turn.Slice(own, axis: 1, start: round % KeyLength, end: (round % KeyLength) + 1));
                numbers = turn.Modulo(turn.Multiply(turn.Modulo(turn.Multiply(sum, sum), turn.Constant(Prime)), sum), turn.Constant(Prime));
            }

            var radius = turn.Apply("Sqrt", [turn.Multiply(turn.Apply("Log", [Uniform(turn, before)]), turn.Constant(-2f))]);
            var angle = turn.Multiply(Uniform(turn, numbers), turn.Constant(Circle));
            var noise = turn.Concatenate(
                1, turn.Multiply(radius, turn.Apply("Cos", [angle])), turn.Multiply(radius, turn.Apply("Sin", [angle])));
            return turn.Apply("Slice", [noise, turn.Constant(0), pixels, turn.Constant(1)]);
        });

        OnnxValue Number(OnnxValue row) => graph.Squeeze(row, 0);
    }

    private static long Pairs(long pixels) => (pixels + 1) / 2;

    /// <summary>Numbers of the field between 0 and 1.</summary>
    private static Tensor Uniform(Tensor numbers) => numbers.to(ScalarType.Float32).Plus(Offset).Times(Scale);

    private static OnnxValue Uniform(OnnxGraph graph, OnnxValue numbers) => graph.Multiply(
        graph.Add(graph.Apply("Cast", [numbers], ("to", (long)OnnxType.Float)), graph.Constant(Offset)), graph.Constant(Scale));
}
