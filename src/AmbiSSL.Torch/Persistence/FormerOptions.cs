using System.Text.Json.Nodes;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Torch.Persistence;

/// <summary>Options of files from before an option existed whose default is not what was done then.</summary>
internal static class FormerOptions
{
    /// <summary>The options, as JSON, with what was done then.</summary>
    /// <exception cref="System.Text.Json.JsonException">That is no JSON.</exception>
    public static string Complete(string options)
    {
        if (JsonNode.Parse(options) is not JsonObject members || members.ContainsKey(nameof(SemiSupervisedOptions.SampleScale)))
        {
            return options;
        }

        members[nameof(SemiSupervisedOptions.SampleScale)] = 1;
        return members.ToJsonString();
    }
}
