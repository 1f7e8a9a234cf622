using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Functions of TorchScript that take tensors alone, lists of them first: for a number TorchSharp would make a scalar that nothing keeps, see
/// <see cref="TensorArithmetic"/>.
/// </summary>
/// <param name="source">The functions; constant, and each ends in an empty line.</param>
/// <remarks>
/// Upstream: TorchSharp 0.107 has no names for libtorch's operations on lists of tensors; not reported. When to delete this: when it has.
/// </remarks>
internal sealed class TensorScript(string source)
{
    private readonly jit.CompilationUnit _unit = jit.compile(source);

    /// <summary>Calls a function; what it returns belongs to the caller's dispose scope.</summary>
    public object Call(string function, IEnumerable<Tensor[]> lists, params Tensor[] tensors) => _unit.invoke(function, [.. lists, .. tensors]);
}
