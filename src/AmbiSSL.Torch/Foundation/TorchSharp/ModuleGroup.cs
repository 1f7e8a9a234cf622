using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Modules under names of their own, which a call goes through one after the other.</summary>
/// <remarks>
/// TorchSharp's ModuleDict cannot be moved between types or devices, and Sequential and ModuleList keep memory: see <see cref="NativeModule"/>.
/// Upstream: not reported. <c>ModuleDict.to</c> throws "An item with the same key has already been added. Key: Item", since a module's
/// properties are collected by name and a ModuleDict has two indexers; dotnet/TorchSharp pull request 1181 ("Fixed `Module.to()` bugs with
/// `ParameterList` and `ParameterDict`, and with autograd tracking movements between CPU &amp; GPU") mended the other collections. When to
/// delete this: when <c>nn.ModuleDict(("a", nn.Linear(1, 1))).to(ScalarType.Float64)</c> returns, and <see cref="NativeModule"/> is deleted.
/// </remarks>
internal sealed class ModuleGroup : nn.Module<Tensor, Tensor>
{
    public ModuleGroup(string name)
        : base(NativeModule.Create(name), 0)
    {
    }

    /// <summary>A group of modules that are named by their number, from 0 on.</summary>
    public static ModuleGroup Numbered(params IReadOnlyList<nn.Module> modules)
    {
        var group = new ModuleGroup("group");
        for (var number = 0; number < modules.Count; number++)
        {
            group.Add($"{number}", modules[number]);
        }

        return group;
    }

    /// <summary>Adds a module.</summary>
    public void Add(string name, nn.Module module) => register_module(name, module);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return children().Cast<nn.Module<Tensor, Tensor>>().Aggregate(input, (x, module) => module.call(x)).MoveToOuterDisposeScope();
    }
}
