using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Modules under names of their own; TorchSharp's ModuleDict cannot be moved between types or devices.</summary>
/// <remarks>
/// Upstream: not reported. <c>ModuleDict.to</c> throws "An item with the same key has already been added. Key: Item", since a module's
/// properties are collected by name and a ModuleDict has two indexers; dotnet/TorchSharp pull request 1181 ("Fixed `Module.to()` bugs with
/// `ParameterList` and `ParameterDict`, and with autograd tracking movements between CPU &amp; GPU") mended the other collections. When to
/// delete this: when <c>nn.ModuleDict(("a", nn.Linear(1, 1))).to(ScalarType.Float64)</c> returns.
/// </remarks>
internal sealed class ModuleGroup : nn.Module
{
    public ModuleGroup(string name)
        : base(name)
    {
    }

    /// <summary>Adds a module.</summary>
    public void Add(string name, nn.Module module) => register_module(name, module);
}
