using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Weights of a file on their way into a module.</summary>
internal static class StoredWeights
{
    /// <summary>Copies every weight into the one of the same name.</summary>
    /// <exception cref="InvalidDataException">A name is missing or unknown, or a shape or type differs; the module is as before.</exception>
    public static void CopyTo(nn.Module module, Dictionary<string, Tensor> weights)
    {
        RequireFit(Shapes(module.state_dict()), [.. Shapes(weights)]);
        module.load_state_dict(weights);
    }

    /// <summary>Checks that the weights of a file are those of a network.</summary>
    /// <param name="own">The weights of the network; no more are asked for than the first that does not fit.</param>
    /// <param name="stored">The weights of the file.</param>
    /// <exception cref="InvalidDataException">A name is missing or unknown, or a shape or type differs.</exception>
    public static void RequireFit(IEnumerable<WeightShape> own, IReadOnlyCollection<WeightShape> stored)
    {
        var left = stored.ToDictionary(weight => weight.Name);
        foreach (var weight in own)
        {
            if (!left.Remove(weight.Name, out var found))
            {
                throw new InvalidDataException($"there is no weight '{weight.Name}'.");
            }

            if (!found.Shape.SequenceEqual(weight.Shape))
            {
                throw new InvalidDataException(
                    $"weight '{weight.Name}' has the shape [{string.Join(", ", found.Shape)}]; the network has [{string.Join(", ", weight.Shape)}].");
            }

            if (found.Type != weight.Type)
            {
                throw new InvalidDataException($"weight '{weight.Name}' has the type {found.Type}; the network has {weight.Type}.");
            }
        }

        if (left.Keys.FirstOrDefault() is { } unknown)
        {
            throw new InvalidDataException($"weight '{unknown}' has no place in the network.");
        }
    }

    /// <summary>The name of a weight with a value that is not finite; null where there is none.</summary>
    public static string? NotFinite(Dictionary<string, Tensor> weights)
    {
        using var scope = NewDisposeScope();
        return weights.FirstOrDefault(weight => !weight.Value.isfinite().all().item<bool>()).Key;
    }

    private static IEnumerable<WeightShape> Shapes(Dictionary<string, Tensor> weights) =>
        weights.Select(weight => new WeightShape(weight.Key, weight.Value.dtype, weight.Value.shape));
}
