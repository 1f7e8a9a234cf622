using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Modules under names of their own. (TorchSharp's ModuleDict cannot be moved between types or devices.)</summary>
internal sealed class ModuleGroup : nn.Module
{
    public ModuleGroup(string name)
        : base(name)
    {
    }

    /// <summary>Adds a module.</summary>
    public void Add(string name, nn.Module module) => register_module(name, module);
}
