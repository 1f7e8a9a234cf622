using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Operations of libtorch on lists of tensors, which a GPU computes together.</summary>
/// <remarks>
/// Upstream and when to delete this: with <see cref="TensorScript"/>.
/// </remarks>
internal static class TensorLists
{
    private static readonly TensorScript Script = new(
        """
        def norms(tensors: List[Tensor]) -> List[Tensor]:
            return torch._foreach_norm(tensors)

        """);

    /// <summary>The Euclidean norm of each tensor, a scalar in the caller's dispose scope.</summary>
    public static Tensor[] Norms(Tensor[] tensors) => (Tensor[])Script.Call("norms", [tensors]);
}
