using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Matrices of the probability that an annotator says one thing where the truth is another, of shape [B, G, A, truth, said, H, W]. Where classes
/// exclude each other there is one group (G is 1) of M = K + 1 things to say, background before the classes; where they overlap each class is a group
/// of two, background and the class. Each row, which belongs to one truth, sums to 1 over what is said. Batch, height and width may be 1 and then
/// hold for all. Everything is in logarithms, so that saturated pixels keep their gradient. Results belong to the caller's scope.
/// </summary>
/// <remarks>
/// Two things to say are needed: with the foreground alone, each matrix would be the number 1 once its row is normalized, and teach nothing.
/// </remarks>
internal sealed class ConfusionMatrices(MaskClasses classes)
{
    /// <summary>Dimension of the truth.</summary>
    private const int Truth = -4;

    /// <summary>Dimension of what is said, over which a matrix is normalized.</summary>
    private const int Said = -3;

    // Annotators start almost reliable: 99 of 100 pixels said as they are. From an exact identity no gradient would lead away.
    private const float StartingOdds = 99;

    private readonly ClassActivation _activation = new(classes.Overlap ? MaskClasses.One : classes);

    /// <summary>Number of groups G.</summary>
    public int Groups { get; } = classes.Overlap ? classes.Count : 1;

    /// <summary>Number of things M to say in a group.</summary>
    public int Size => _activation.Count + 1;

    /// <summary>Logits [M, M] of the matrix that training starts from.</summary>
    public Tensor Start() => eye(Size).Times(MathF.Log(StartingOdds * (Size - 1)));

    /// <summary>Logarithms of the probabilities of background and the classes [B, G, M, H, W], of the last layer's values [B, K, H, W].</summary>
    public Tensor LogClasses(Tensor values) => _activation.LogProbabilities(values.unflatten(1, Groups, -1));

    /// <summary>What annotators said [B, G, A, M, H, W], 0 or 1, of their masks [B, A, K, H, W].</summary>
    public Tensor OfMasks(Tensor masks)
    {
        using var scope = NewDisposeScope();
        var groups = masks.unflatten(2, Groups, -1);
        var said = cat([OneMinus(groups.sum(Said, keepdim: true)), groups], Said);
        return said.transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>The probabilities of the classes [B, A, K, H, W], of the logarithms of those of all that is said [B, G, A, M, H, W].</summary>
    public Tensor Probabilities(Tensor logSaid)
    {
        using var scope = NewDisposeScope();
        return logSaid.narrow(Said, 1, Size - 1).transpose(1, 2).flatten(2, 3).exp().MoveToOuterDisposeScope();
    }

    /// <summary>Logarithms of the matrices with these logits [..., M, M, H, W].</summary>
    public static Tensor Normalize(Tensor logits) => nn.functional.log_softmax(logits, Said);

    /// <summary>Log-probabilities [..., A, said, H, W] of what each annotator says: the sum over truths of p(truth) p(said | truth).</summary>
    public static Tensor Apply(Tensor logClasses, Tensor logMatrices)
    {
        using var scope = NewDisposeScope();
        return logClasses.unsqueeze(-4).unsqueeze(Said).Plus(logMatrices).logsumexp(Truth).MoveToOuterDisposeScope();
    }

    /// <summary>Cross-entropy of log-probabilities with what was said, mean over images, groups, annotators and pixels.</summary>
    /// <param name="logSaid">[..., A, said, H, W].</param>
    /// <param name="said">[..., A, said, H, W], 0 or 1.</param>
    /// <param name="presence">[..., A], 1 where an annotator's mask of an image counts and 0 where not; null where all do.</param>
    /// <param name="counted">[..., A, H, W], 1 where a pixel of the mask counts and 0 where not; null where all do.</param>
    public static Tensor CrossEntropy(Tensor logSaid, Tensor said, Tensor? presence = null, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        return Mean((said * logSaid).sum(Said), presence, counted).negative().MoveToOuterDisposeScope();
    }

    /// <summary>Trace of the matrices, from 0 to M, mean over images, groups, annotators and pixels.</summary>
    /// <param name="logMatrices">[..., A, M, M, H, W].</param>
    /// <param name="presence">[..., A], 1 where an annotator's matrices of an image count and 0 where not; null where all do.</param>
    /// <param name="counted">[..., A, H, W], 1 where a pixel of the annotator's mask counts and 0 where not; null where all do.</param>
    public static Tensor Trace(Tensor logMatrices, Tensor? presence = null, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        return Mean(logMatrices.diagonal(0, Truth, Said).exp().sum(-1), presence, counted).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Writes to a graph the probabilities [B, A, K, H, W] that each annotator says a class, of the last layer's values [B, K, H, W] and of the matrices'
    /// logits [B, A * G * truth * said, H, W].
    /// </summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue values, OnnxValue logits)
    {
        if (_activation.IsExclusive)
        {
            return ExportExclusive(graph, values, logits);
        }

        var truth = graph.Sigmoid(values);
        var said = Enumerable.Range(0, Groups).Select(group => ExportClass(graph, graph.Slice(truth, 1, group, group + 1), logits, group));
        return graph.Concatenate(2, [.. said.Select(own => graph.Unsqueeze(own, 2))]);
    }

    /// <summary>Writes the probability [B, A, H, W] that each annotator says the class of a group of two, of that of its truth [B, 1, H, W].</summary>
    private OnnxValue ExportClass(OnnxGraph graph, OnnxValue truth, OnnxValue logits, int group)
    {
        var (atBackground, atForeground) = (SaidForeground(0), SaidForeground(1));
        return graph.Add(atBackground, graph.Multiply(truth, graph.Subtract(atForeground, atBackground)));

        // The softmax of two logits is the sigmoid of their difference.
        OnnxValue SaidForeground(int ofTruth) =>
            graph.Sigmoid(graph.Subtract(Logits(graph, logits, group, ofTruth, said: 1), Logits(graph, logits, group, ofTruth, said: 0)));
    }

    private OnnxValue ExportExclusive(OnnxGraph graph, OnnxValue values, OnnxValue logits)
    {
        var truth = ClassActivation.ExportWithBackground(graph, values);
        var said = Enumerable.Range(0, Size).Select(ofTruth =>
        {
            OnnxValue[] row = [.. Enumerable.Range(0, Size).Select(said => graph.Unsqueeze(Logits(graph, logits, group: 0, ofTruth, said), 2))];
            var matrix = graph.Apply("Softmax", [graph.Concatenate(2, row)], ("axis", 2L));
            return graph.Multiply(graph.Unsqueeze(graph.Slice(truth, 1, ofTruth, ofTruth + 1), 1), matrix);
        });
        return graph.Slice(said.Aggregate((sum, value) => graph.Add(sum, value)), axis: 2, start: 1);
    }

    /// <summary>A logit of each annotator's matrices, [B, A, H, W].</summary>
    private OnnxValue Logits(OnnxGraph graph, OnnxValue logits, int group, int ofTruth, int said) =>
        graph.Slice(logits, axis: 1, start: (((group * Size) + ofTruth) * Size) + said, step: Groups * Size * Size);

    /// <summary>
    /// Mean of values [..., A, H, W] over the present annotators of each image, and where some of their pixels do not count over those that do.
    /// </summary>
    private static Tensor Mean(Tensor values, Tensor? presence, Tensor? counted)
    {
        if (counted is null && presence is null)
        {
            return values.mean();
        }

        var weights = counted is null ? presence! : presence is null ? counted : counted * presence.unsqueeze(-1).unsqueeze(-1);
        var weighted = (counted is null ? values.mean([-2, -1]) : values) * weights;
        var total = weights.expand_as(weighted).sum();
        return weighted.sum() / (counted is null ? total : total.NotBelow(1));
    }
}
