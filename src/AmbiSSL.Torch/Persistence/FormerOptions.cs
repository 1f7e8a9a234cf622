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

        Add(members, nameof(SemiSupervisedOptions.SampleScale), 1);
        Add(members, nameof(SemiSupervisedOptions.PseudoLabelStatistics), (int)PseudoLabelStatistics.Running);
        Add(members, nameof(AmbiSSLOptions.UnlabeledCode), (int)UnlabeledCode.Posterior);
        if (members[nameof(SegmentationOptions.Augmentation)] is JsonObject augmentation)
        {
            Add(augmentation, nameof(AugmentationOptions.StrongLabeled), false);
        }

        return members.ToJsonString();
    }

    private static void Add(JsonObject members, string name, JsonNode value)
    {
        if (!members.ContainsKey(name))
        {
            members[name] = value;
        }
    }
}
