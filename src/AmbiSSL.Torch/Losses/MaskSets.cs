using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>Operations on sets of masks or logits [B, A, K, H, W]. Results belong to the caller's dispose scope.</summary>
internal static class MaskSets
{
    /// <summary>The masks of each set by the falling area of all classes; equal areas keep their order.</summary>
    public static Tensor SortByArea(Tensor masks) => SortByArea(masks, masks);

    /// <summary>What belongs to the masks [B, A, K, H, W] of each set, in the order of the masks by falling area.</summary>
    public static Tensor SortByArea(Tensor masks, Tensor values)
    {
        using var scope = NewDisposeScope();
        var (_, order) = masks.flatten(2).sum(2).sort(1, descending: true, stable: true);
        return values.gather(1, order.view(order.shape[0], order.shape[1], 1, 1, 1).expand_as(values)).MoveToOuterDisposeScope();
    }

    /// <summary>One mask [B, 1, K, H, W] of each set, by indices [B] of type Int64.</summary>
    public static Tensor Select(Tensor masks, Tensor index) =>
        masks.gather(1, index.view(-1, 1, 1, 1, 1).expand(-1, 1, masks.shape[2], masks.shape[3], masks.shape[4]));

    /// <summary>Index [B], of type Int64, of a mask of each set, drawn from those that are no repetitions.</summary>
    /// <param name="masks">[B, A, K, H, W].</param>
    /// <param name="own">[B, A], 0 where a mask is a repetition and 1 elsewhere; null where none is.</param>
    /// <param name="random">Draws it.</param>
    public static Tensor Draw(Tensor masks, Tensor? own, IRandomTensors random) => random.Draw(generator => own is null
        ? randint(masks.shape[1], [masks.shape[0]], generator: generator)
        : multinomial(own.cpu(), 1, generator: generator).flatten());

    /// <summary>Mean over the batch of the means of values [B, A] over the masks that are no repetitions.</summary>
    /// <param name="values">One for each mask.</param>
    /// <param name="own">As that of <see cref="Draw"/>, and not null.</param>
    public static Tensor Mean(Tensor values, Tensor own)
    {
        using var scope = NewDisposeScope();
        return ((values * own).sum(1) / own.sum(1)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Sets [B, A, K, H, W] as single masks [B * A, 1, K, H, W].</summary>
    public static Tensor OneByOne(Tensor sets) => sets.flatten(0, 1).unsqueeze(1);

    /// <summary>Whose turn each of N samples is: n modulo the number of annotators, [N] of type Int64.</summary>
    public static Tensor TakeTurns(int annotators, long samples, Device device) =>
        TensorArithmetic.Range(samples, ScalarType.Int64, device).Modulo(annotators);

    /// <summary>Writes <see cref="TakeTurns"/> to a graph, for the samples of noise [B, N, D].</summary>
    public static OnnxValue ExportTurns(OnnxGraph graph, int annotators, OnnxValue noise)
    {
        var samples = graph.Squeeze(graph.Sizes(noise, 1, 2), 0);
        var (first, step) = (graph.Squeeze(graph.Constant(0), 0), graph.Squeeze(graph.Constant(1), 0));
        return graph.Modulo(graph.Apply("Range", [first, samples, step]), graph.Constant(annotators));
    }
}
