using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>The regularization of probabilistic U-Nets (section 4.2): un-squared norms, so that small weights are pulled on as hard as large ones.</summary>
internal static class NormRegularization
{
    private const double Smallest = 1e-30;

    /// <summary>Sum of the Euclidean norms of the tensors, a scalar in the caller's dispose scope.</summary>
    /// <remarks>
    /// Computed as the inner product of all values with their directions w / ‖w‖, which are taken for constants: it is the sum of norms, and its gradient
    /// is theirs, 0 for a tensor of zeros, but the tensors pass through it together.
    /// </remarks>
    public static Tensor Compute(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        Tensor[] all = [.. tensors];
        var values = cat([.. all.Select(InMemoryOrder)]);
        return values.dot(Directions(all, values.detach())).MoveToOuterDisposeScope();
    }

    private static Tensor Directions(Tensor[] tensors, Tensor values)
    {
        using var gradients = no_grad();
        var norms = cat([.. TensorLists.Norms(tensors).Zip(tensors, (norm, tensor) => norm.expand(tensor.numel()))]);
        return values.div(norms.NotBelow(Smallest));
    }

    /// <summary>All values in one dimension, filters in the order of channels-last memory: a view where they are laid out so.</summary>
    private static Tensor InMemoryOrder(Tensor tensor) => tensor.dim() == 4 ? tensor.permute(0, 2, 3, 1).flatten() : tensor.flatten();
}
