using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>Counts what goes through batch normalizations in training mode.</summary>
internal static class NormalizationPasses
{
    /// <summary>The batches that each batch normalization of a module, by name, normalizes by themselves during an action.</summary>
    public static Dictionary<string, int> During(nn.Module module, Action action)
    {
        var layers = module.named_modules().Where(named => named.module is ImageNormalization)
            .ToDictionary(named => named.name, named => (ImageNormalization)named.module);
        var counts = layers.Keys.ToDictionary(name => name, _ => 0);
        var hooks = layers.Select(named => named.Value.register_forward_hook((layer, _, output) =>
        {
            counts[named.Key] += layer.training ? 1 : 0;
            return output;
        })).ToArray();
        action();
        foreach (var hook in hooks)
        {
            hook.remove();
        }

        return counts;
    }
}
