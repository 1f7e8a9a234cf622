using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Parameters that a module has beside its layers.</summary>
/// <remarks>
/// Upstream: dotnet/TorchSharp issue 1269 ("MoveToOuterDisposeScope that returns Parameter", closed) notes that dispose scopes own
/// parameters; those of TorchSharp's layers leave them by themselves. When to delete this: when <c>register_parameter</c> takes a parameter
/// out of its scope.
/// </remarks>
internal static class OwnParameter
{
    /// <summary>A parameter that starts from these values and outlives the dispose scope it is made in, as those of layers do.</summary>
    public static Parameter Create(Tensor start)
    {
        var parameter = new Parameter(start);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
