using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Operations of libtorch on lists of tensors, which a GPU computes together.</summary>
/// <remarks>
/// Upstream: not reported; TorchSharp 0.107 has no names for the operations that begin with <c>_foreach</c>. When to delete this: when it has.
/// </remarks>
internal static class TensorLists
{
    private static readonly jit.CompilationUnit Script = jit.compile(
        """
        def norms(tensors: List[Tensor]) -> List[Tensor]:
            return torch._foreach_norm(tensors)

        """);

    /// <summary>The Euclidean norm of each tensor, a scalar in the caller's dispose scope.</summary>
    public static Tensor[] Norms(Tensor[] tensors) => (Tensor[])Script.invoke("norms", (object)tensors);
}
