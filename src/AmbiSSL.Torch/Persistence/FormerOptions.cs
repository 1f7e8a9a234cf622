using System.Text.Json.Nodes;
using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Torch.Persistence;

/// <summary>Options of files from before an option existed whose default is not what was done then.</summary>
internal static class FormerOptions
{
    /// <summary>The options, as JSON, with what was done then.</summary>
    /// <exception cref="System.Text.Json.JsonException">That is no JSON.</exception>
    public static string Complete(string options)
    {
        if (JsonNode.Parse(options) is not JsonObject members)
        {
            return options;
        }

        members.TryAdd<string, JsonNode?>(nameof(SemiSupervisedOptions.EnergyWeight), 0);
        members.TryAdd<string, JsonNode?>(nameof(SemiSupervisedOptions.SampleScale), 1);
        members.TryAdd<string, JsonNode?>(nameof(SemiSupervisedOptions.PseudoLabelStatistics), (int)PseudoLabelStatistics.Running);
        members.TryAdd<string, JsonNode?>(nameof(AmbiSSLOptions.UnlabeledCode), (int)UnlabeledCode.Posterior);
        if (members[nameof(SegmentationOptions.Augmentation)] is JsonObject augmentation)
        {
            augmentation.TryAdd<string, JsonNode?>(nameof(AugmentationOptions.StrongLabeled), false);
            augmentation.TryAdd<string, JsonNode?>(nameof(AugmentationOptions.CutMixProbability), 0);
            augmentation.TryAdd<string, JsonNode?>(nameof(AugmentationOptions.CutMixLabeled), false);
        }

        return members.ToJsonString();
    }
}
