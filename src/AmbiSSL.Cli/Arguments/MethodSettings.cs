using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

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
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The words of all methods.</summary>
    public static string[] Words { get; } =
        [.. typeof(SegmentationOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => (string)attribute.TypeDiscriminator!)];

    /// <summary>The options that settings describe, validated.</summary>
    /// <exception cref="UsageException">An option is unknown to the method or out of its range.</exception>
    public static SegmentationOptions ToOptions(JsonObject settings)
    {
        RequireKnown(settings);
        try
        {
            var options = DiscriminatorFirst(settings).Deserialize<SegmentationOptions>(Serializer)!;
            options.Validate();
            return options;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"Method '{settings[MethodKey]}': {Message(exception)}", exception);
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

    private static void RequireKnown(JsonObject settings)
    {
        var word = (string?)settings[MethodKey];
        var type = typeof(SegmentationOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().FirstOrDefault(known => Equals(known.TypeDiscriminator, word))
            ?.DerivedType ?? throw new UsageException($"There is no method '{word}'; the methods are {string.Join(", ", Words)}.");
        string[] names =
        [
            .. Serializer.GetTypeInfo(type).Properties.Where(property => property.Set is not null).Select(property => property.Name),
        ];
        if (settings.Select(member => member.Key).FirstOrDefault(key => key != MethodKey && !names.Contains(key, StringComparer.OrdinalIgnoreCase))
            is { } unknown)
        {
            throw new UsageException($"Method '{word}' has no option '{unknown}'; it has {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        }
    }

    private static string Message(Exception exception) => exception is JsonException { Path: { Length: > 2 } path }
        ? $"option {path[2..]} has a value of the wrong kind."
        : ErrorText.Of(exception);

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
