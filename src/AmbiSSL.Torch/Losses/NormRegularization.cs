using static TorchSharp.torch;

namespace AmbiSSL.Torch.Losses;

/// <summary>The regularization of probabilistic U-Nets (section 4.2): un-squared norms, so that small weights are pulled on as hard as large ones.</summary>
internal static class NormRegularization
{
    /// <summary>Sum of the Euclidean norms of the tensors, a scalar in the caller's dispose scope.</summary>
    public static Tensor Compute(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        return stack([.. tensors.Select(tensor => tensor.norm())]).sum().MoveToOuterDisposeScope();
    }
}
