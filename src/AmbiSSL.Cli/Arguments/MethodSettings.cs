using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Cli.Arguments;

/// <summary>A method and its options as a JSON object, such as <c>{"method": "ambissl", "Epochs": 20}</c>; what is absent has its default.</summary>
internal static class MethodSettings
{
    /// <summary>The member that names the method.</summary>
    public const string MethodKey = "method";

    private static readonly JsonSerializerOptions Serializer = new()
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        PropertyNameCaseInsensitive = true,
    };

    /// <summary>The words of all methods.</summary>
    public static string[] Words { get; } =
        [.. typeof(SegmentationOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => (string)attribute.TypeDiscriminator!)];

    /// <summary>The options that settings describe, validated.</summary>
    /// <exception cref="UsageException">An option is unknown to the method or out of its range.</exception>
    public static SegmentationOptions ToOptions(JsonObject settings)
    {
        try
        {
            var options = DiscriminatorFirst(settings).Deserialize<SegmentationOptions>(Serializer)!;
            options.Validate();
            return options;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"Method '{settings[MethodKey]}': {exception.Message}", exception);
        }
    }

    /// <summary>All options as settings, the defaults included.</summary>
    public static JsonObject FromOptions(SegmentationOptions options) => JsonSerializer.SerializeToNode(options, Serializer)!.AsObject();

    // The serializer wants the words that tell types apart before other members.
    private static JsonObject DiscriminatorFirst(JsonObject settings)
    {
        var ordered = settings.OrderByDescending(member => member.Key is MethodKey or "kind");
        return new JsonObject(ordered.Select(member => KeyValuePair.Create(
            member.Key, member.Value is JsonObject inner ? DiscriminatorFirst(inner) : member.Value?.DeepClone())));
    }

    /// <summary>A value as typed: JSON where it is JSON, a text otherwise.</summary>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
