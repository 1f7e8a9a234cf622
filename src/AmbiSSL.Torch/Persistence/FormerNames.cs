using static TorchSharp.torch;

namespace AmbiSSL.Torch.Persistence;

/// <summary>
/// Second names in files of version 1, which held many weights several times: under the name that they are registered by and under those of
/// the private fields that their modules were kept in.
/// </summary>
internal static class FormerNames
{
    private static readonly Dictionary<string, string> RegisteredByField = new()
    {
        ["<Head>k__BackingField"] = "seg",
        ["_block"] = "block",
        ["_blocks"] = "blocks",
        ["_convolution1"] = "conv1",
        ["_convolution2"] = "conv2",
        ["_decoder"] = "dec",
        ["_downsample"] = "downsample",
        ["_encoder"] = "enc",
        ["_head"] = "head",
        ["_last"] = "last_layer",
        ["_normalization1"] = "bn1",
        ["_normalization2"] = "bn2",
        ["_query"] = "query",
        ["_stem"] = "conv1",
        ["_stemNormalization"] = "bn1",
    };

    /// <summary>Leaves out, and disposes, what a file has under its registered name too. Any other name stays, for its reader to judge.</summary>
    public static void Remove(Dictionary<string, Tensor> tensors)
    {
        foreach (var (name, tensor) in tensors.Where(named => IsSecond(named.Key, tensors)).ToArray())
        {
            tensors.Remove(name);
            tensor.Dispose();
        }
    }

    private static bool IsSecond(string name, Dictionary<string, Tensor> tensors)
    {
        var registered = string.Join('.', name.Split('.').Select(part => RegisteredByField.GetValueOrDefault(part, part)));
        return registered != name && tensors.ContainsKey(registered);
    }
}
