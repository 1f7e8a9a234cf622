using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Weights of a file on their way into a module.</summary>
internal static class StoredWeights
{
    /// <summary>Copies every weight into the one of the same name.</summary>
    /// <exception cref="InvalidDataException">A name is missing or unknown, or a shape or type differs; the module is as before.</exception>
    public static void CopyTo(nn.Module module, Dictionary<string, Tensor> weights)
    {
        var own = module.state_dict();
        if (own.Keys.FirstOrDefault(name => !weights.ContainsKey(name)) is { } missing)
        {
            throw new InvalidDataException($"there is no weight '{missing}'.");
        }

        if (weights.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
        {
            throw new InvalidDataException($"weight '{unknown}' has no place in the network.");
        }

        if (own.Keys.FirstOrDefault(name => !weights[name].shape.SequenceEqual(own[name].shape)) is { } other)
        {
            throw new InvalidDataException(
                $"weight '{other}' has the shape [{string.Join(", ", weights[other].shape)}]; the network has [{string.Join(", ", own[other].shape)}].");
        }

        if (own.Keys.FirstOrDefault(name => weights[name].dtype != own[name].dtype) is { } typed)
        {
            throw new InvalidDataException($"weight '{typed}' has the type {weights[typed].dtype}; the network has {own[typed].dtype}.");
        }

        module.load_state_dict(weights);
    }
}
