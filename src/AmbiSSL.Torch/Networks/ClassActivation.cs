using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// How the values of a network's last layer become probabilities of the classes, and these masks: what knows whether classes exclude each other. Tensors are
/// [..., K, H, W]; results belong to the caller's dispose scope.
/// </summary>
/// <remarks>
/// Where classes exclude each other, the values are those of a softmax in which background has 0. What leaves a network are logits of each class against all
/// that is not of it: their sigmoid is the class's probability, whatever the classes, so that losses see K masks of one class. Where classes overlap, and
/// where there is one, they are the last layer's values.
/// </remarks>
internal sealed class ClassActivation(MaskClasses classes)
{
    private const int Axis = -3;

    /// <summary>Number of classes K.</summary>
    public int Count => classes.Count;

    /// <summary>Whether each pixel is background or of one of several classes.</summary>
    public bool IsExclusive => classes.IsExclusive;

    /// <summary>The logits of each class against the rest, of the last layer's values.</summary>
    public Tensor AgainstRest(Tensor values)
    {
        if (!IsExclusive)
        {
            return values;
        }

        using var scope = NewDisposeScope();
        var all = WithBackground(values);

        // Logarithms of the sums of exponentials from the first and from the last class on.
        var (before, after) = (all.logcumsumexp(Axis), all.flip(Axis).logcumsumexp(Axis).flip(Axis));
        var middle = before.narrow(Axis, 0, Count - 1).logaddexp(after.narrow(Axis, 2, Count - 1));
        return (values - cat([middle, before.narrow(Axis, Count - 1, 1)], Axis)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Logarithms of the probabilities of background and the classes [..., K + 1, H, W], of the last layer's values where classes do not overlap.
    /// </summary>
    public Tensor LogProbabilities(Tensor values)
    {
        using var scope = NewDisposeScope();
        var logarithms = IsExclusive
            ? nn.functional.log_softmax(WithBackground(values), Axis)
            : nn.functional.logsigmoid(cat([-values, values], Axis));
        return logarithms.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Logarithms of the probability that a pixel is of no class, of the last layer's values: [..., 1, H, W], or [..., K, H, W] where classes overlap
    /// and each leaves it out by itself.
    /// </summary>
    public Tensor LogBackground(Tensor values)
    {
        using var scope = NewDisposeScope();
        var logarithms = IsExclusive ? WithBackground(values).logsumexp(Axis, keepdim: true).negative() : nn.functional.logsigmoid(values.negative());
        return logarithms.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Hard masks: where a class's probability is above one half, or, of classes that exclude each other, the largest, background's among them.
    /// </summary>
    /// <param name="probabilities">Probabilities, or sums of several.</param>
    /// <param name="summed">How many were summed.</param>
    /// <returns>Truth values; of equal probabilities the first counts, that of background before all.</returns>
    public Tensor Harden(Tensor probabilities, int summed = 1)
    {
        if (!IsExclusive)
        {
            return probabilities.IsAbove(summed / 2.0);
        }

        using var scope = NewDisposeScope();
        var background = probabilities.sum(Axis, keepdim: true).negative().Plus(summed);
        var largest = cat([background, probabilities], Axis).argmax(Axis, keepdim: true);
        var numbers = TensorArithmetic.Range(Count, ScalarType.Int64, probabilities.device).Plus(1).view(-1, 1, 1);
        return largest.eq(numbers).MoveToOuterDisposeScope();
    }

    /// <summary>Hard masks, 0 or 1, of logits against the rest.</summary>
    public Tensor HardenLogits(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return (IsExclusive ? Harden(logits.sigmoid()) : logits.IsAbove(0)).to(logits.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Where probabilities are sure of what a pixel is, background included: at least the threshold. [..., K, H, W] where each class is a question of its own,
    /// [..., 1, H, W] where they exclude each other.
    /// </summary>
    public Tensor AreConfident(Tensor probabilities, double threshold)
    {
        using var scope = NewDisposeScope();
        var (largest, foreground) = IsExclusive
            ? (probabilities.amax([Axis], keepdim: true), probabilities.sum(Axis, keepdim: true))
            : (probabilities, probabilities);
        return largest.IsAtLeast(threshold).logical_or(foreground.IsAtMost(1 - threshold)).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the probabilities of the last layer's values to a graph.</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue values) =>
        IsExclusive ? graph.Slice(ExportWithBackground(graph, values), Axis, 1) : graph.Sigmoid(values);

    /// <summary>Writes the probabilities of background and the classes [..., K + 1, H, W], where these exclude each other, to a graph.</summary>
    public static OnnxValue ExportWithBackground(OnnxGraph graph, OnnxValue values)
    {
        var background = graph.Multiply(graph.Slice(values, Axis, 0, 1), graph.Constant(0f));
        return graph.Apply("Softmax", [graph.Concatenate(Axis, background, values)], ("axis", (long)Axis));
    }

    /// <summary>
    /// Writes the masks of probabilities [..., K, H, W] to a graph, as bytes: of one class 0 and 1 [..., H, W], of classes that exclude each other
    /// their numbers [..., H, W], of others 0 and 1 of each.
    /// </summary>
    public OnnxValue ExportMasks(OnnxGraph graph, OnnxValue probabilities)
    {
        if (!IsExclusive)
        {
            var masks = graph.IsAbove(probabilities, 0.5f);
            return Count == 1 ? graph.Squeeze(masks, Axis) : masks;
        }

        var background = graph.Subtract(graph.Constant(1f), graph.Sum(probabilities, Axis, keepsAxis: true));
        var all = graph.Concatenate(Axis, background, probabilities);
        var largest = graph.Apply("ArgMax", [all], ("axis", (long)Axis), ("keepdims", 0L));
        return graph.Apply("Cast", [largest], ("to", (long)OnnxType.UInt8));
    }

    private static Tensor WithBackground(Tensor values) => cat([zeros_like(values.narrow(Axis, 0, 1)), values], Axis);
}
