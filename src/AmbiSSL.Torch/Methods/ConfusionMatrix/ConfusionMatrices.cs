using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Matrices of the probability that an annotator says one class where the truth is another, of shape [B, A, truth, said, H, W]. Class 0 is
/// background, class 1 foreground; each row, which belongs to one truth, sums to 1 over what is said. Batch, height and width may be 1 and
/// then hold for all. Everything is in logarithms, so that saturated pixels keep their gradient. Results belong to the caller's scope.
/// </summary>
/// <remarks>
/// Two classes are needed: with the foreground alone, each matrix would be the number 1 once its row is normalized, and teach nothing.
/// </remarks>
internal static class ConfusionMatrices
{
    /// <summary>Number of classes.</summary>
    public const int Classes = 2;

    /// <summary>Dimension of what is said, over which a matrix is normalized.</summary>
    private const int Said = 3;

    // Annotators start almost reliable: 99 of 100 pixels said as they are. From an exact identity no gradient would lead away.
    private static readonly float StartingLogit = MathF.Log(99);

    /// <summary>Logits [2, 2] of the matrix that training starts from.</summary>
    public static Tensor Start() => eye(Classes).Times(StartingLogit);

    /// <summary>Logarithms of the matrices with these logits [B, A, 2, 2, H, W].</summary>
    public static Tensor Normalize(Tensor logits) => nn.functional.log_softmax(logits, Said);

    /// <summary>Logarithms of background and foreground probability [B, 2, H, W] of foreground logits [B, 1, H, W].</summary>
    public static Tensor LogClasses(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return nn.functional.logsigmoid(cat([-logits, logits], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities [B, A, said, H, W] of what each annotator says: the sum over truths of p(truth) p(said | truth).</summary>
    public static Tensor Apply(Tensor logClasses, Tensor logMatrices)
    {
        using var scope = NewDisposeScope();
        return logClasses.unsqueeze(1).unsqueeze(Said).Plus(logMatrices).logsumexp(2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Writes to a graph the probability [B, A, H, W] that each annotator says foreground, of the probability of its truth [B, 1, H, W] and of
    /// the matrices' logits [B, A * truth * said, H, W].
    /// </summary>
    public static OnnxValue ExportForeground(OnnxGraph graph, OnnxValue truth, OnnxValue logits)
    {
        var (atBackground, atForeground) = (SaidForeground(0), SaidForeground(1));
        return graph.Add(atBackground, graph.Multiply(truth, graph.Subtract(atForeground, atBackground)));

        // The softmax of two logits is the sigmoid of their difference.
        OnnxValue SaidForeground(int ofTruth) => graph.Sigmoid(graph.Subtract(Logits(ofTruth, said: 1), Logits(ofTruth, said: 0)));

        OnnxValue Logits(int ofTruth, int said) => graph.Slice(logits, axis: 1, start: (ofTruth * Classes) + said, step: Classes * Classes);
    }

    /// <summary>Cross-entropy of log-probabilities [B, A, said, H, W] with masks [B, A, H, W], mean over images, annotators and pixels.</summary>
    /// <param name="logSaid">[B, A, said, H, W].</param>
    /// <param name="masks">[B, A, H, W].</param>
    /// <param name="presence">[B, A], 1 where an annotator's mask of an image counts and 0 where not; null where all do.</param>
    /// <param name="counted">[B, A, H, W], 1 where a pixel of the mask counts and 0 where not; null where all do.</param>
    public static Tensor CrossEntropy(Tensor logSaid, Tensor masks, Tensor? presence = null, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        var (background, foreground) = (logSaid.select(2, 0), logSaid.select(2, 1));
        return Mean((masks * foreground).Plus(OneMinus(masks) * background), presence, counted).negative().MoveToOuterDisposeScope();
    }

    /// <summary>Trace of the matrices, from 0 to 2, mean over images, annotators and pixels.</summary>
    /// <param name="logMatrices">[B, A, 2, 2, H, W].</param>
    /// <param name="presence">[B, A], 1 where an annotator's matrices of an image count and 0 where not; null where all do.</param>
    /// <param name="counted">[B, A, H, W], 1 where a pixel of the annotator's mask counts and 0 where not; null where all do.</param>
    public static Tensor Trace(Tensor logMatrices, Tensor? presence = null, Tensor? counted = null)
    {
        using var scope = NewDisposeScope();
        return Mean(logMatrices.diagonal(0, 2, Said).exp().sum(-1), presence, counted).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of values [B, A, H, W] over the present annotators of each image, and where some of their pixels do not count over those that do.</summary>
    private static Tensor Mean(Tensor values, Tensor? presence, Tensor? counted)
    {
        if (counted is null)
        {
            return presence is null ? values.mean() : (values.mean([2, 3]) * presence).sum() / presence.sum();
        }

        var weights = presence is null ? counted : counted * presence.unsqueeze(-1).unsqueeze(-1);
        return (values * weights).sum() / weights.sum().NotBelow(1);
    }
}
