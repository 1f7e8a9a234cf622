using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AmbiSSL.Cli.Arguments;

/// <summary>
/// A method and its options as a JSON object, such as <c>{"method": "ambissl", "Epochs": 20, "LearningRate": 0.001}</c>; what is absent has its
/// default, or the value that a <c>preset</c> gives it. Options of a group, such as those of training, need not name the group.
/// </summary>
internal static class MethodSettings
{
    /// <summary>The member that names the method.</summary>
    public const string MethodKey = "method";

    /// <summary>The member that names values to start from.</summary>
    public const string PresetKey = "preset";

    private static readonly JsonSerializerOptions Serializer = new()
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        PropertyNameCaseInsensitive = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly Type[] Groups = [typeof(TrainingOptions), typeof(AugmentationOptions), typeof(WindowOptions)];

    private static readonly Dictionary<string, AmbiSSLOptions> AmbiSSLPresets = new()
    {
        ["recommended"] = AmbiSSLOptions.Recommended, ["published"] = AmbiSSLOptions.Published,
    };

    /// <summary>The words of all methods.</summary>
    public static string[] Words { get; } =
        [.. typeof(SegmentationOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => (string)attribute.TypeDiscriminator!)];

    /// <summary>The words of all presets.</summary>
    public static string[] Presets { get; } = [.. AmbiSSLPresets.Keys];

    /// <summary>The options that settings describe, validated.</summary>
    /// <exception cref="UsageException">An option is unknown to the method or out of its range.</exception>
    public static SegmentationOptions ToOptions(JsonObject settings)
    {
        var (word, type) = Method(settings);
        var complete = Preset(settings, word);
        foreach (var (name, value) in settings.Where(member => member.Key is not (MethodKey or PresetKey)))
        {
            if (!Place(complete, type, name, value))
            {
                throw new UsageException($"Method '{word}' has no option '{name}'; it has {string.Join(", ", Names(type).Order(StringComparer.Ordinal))}.");
            }
        }

        RequireMembers($"Method '{word}'", complete, typeof(SegmentationOptions));
        try
        {
            var options = DiscriminatorFirst(complete).Deserialize<SegmentationOptions>(Serializer)!;
            options.Validate();
            return options;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"Method '{word}': {Message(exception)}", exception);
        }
    }

    /// <summary>All options as settings, the defaults included.</summary>
    public static JsonObject FromOptions(SegmentationOptions options) => JsonSerializer.SerializeToNode(options, Serializer)!.AsObject();

    /// <summary>An option that has members of its own, as settings have it.</summary>
    public static JsonNode ToJson<T>(T option) => JsonSerializer.SerializeToNode(option, Serializer)!;

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

    private static (string Word, Type Type) Method(JsonObject settings)
    {
        var word = (string?)settings[MethodKey];
        var method = typeof(SegmentationOptions).GetCustomAttributes<JsonDerivedTypeAttribute>()
            .FirstOrDefault(known => Equals(known.TypeDiscriminator, word));
        return method is null
            ? throw new UsageException($"There is no method '{word}'; the methods are {string.Join(", ", Words)}.")
            : (word!, method.DerivedType);
    }

    private static JsonObject Preset(JsonObject settings, string word)
    {
        if ((string?)settings[PresetKey] is not { } preset)
        {
            return new JsonObject { [MethodKey] = word };
        }

        return word == AmbiSSLOptions.Word && AmbiSSLPresets.TryGetValue(preset, out var options)
            ? FromOptions(options)
            : throw new UsageException($"Method '{word}' has no preset '{preset}'; {AmbiSSLOptions.Word} has {string.Join(" and ", Presets)}.");
    }

    /// <summary>Puts a value where the option of that name is, in a group or outside; false where there is none.</summary>
    private static bool Place(JsonObject target, Type type, string name, JsonNode? value)
    {
        foreach (var property in Settable(type))
        {
            var isGroup = Groups.Contains(property.PropertyType);
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !(isGroup && value is JsonObject))
            {
                target[property.Name] = value?.DeepClone();
                return true;
            }

            if (isGroup)
            {
                var group = target[property.Name] as JsonObject ?? [];
                var isNamed = property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
                foreach (var (own, member) in isNamed ? value!.AsObject() : [])
                {
                    if (!Place(group, property.PropertyType, own, member))
                    {
                        group[own] = member?.DeepClone();
                    }
                }

                if (isNamed || Place(group, property.PropertyType, name, value))
                {
                    target[property.Name] = group.DeepClone();
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Requires every member of an option that has members of its own to be one of them; of which type it is, its word says.</summary>
    private static void RequireMembers(string what, JsonObject settings, Type type)
    {
        var info = Serializer.GetTypeInfo(type);
        if (info.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        var word = info.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        if (info.PolymorphismOptions is { } options)
        {
            var own = settings[word!] is JsonValue text && text.TryGetValue(out string? given) ? given : null;
            var kind = options.DerivedTypes.FirstOrDefault(known => Equals(known.TypeDiscriminator, own));
            info = kind.DerivedType is null
                ? throw new UsageException(
                    $"{what} needs the '{word}' {string.Join(" or ", options.DerivedTypes.Select(known => $"\"{known.TypeDiscriminator}\""))}.")
                : Serializer.GetTypeInfo(kind.DerivedType);
        }

        foreach (var (name, value) in settings.Where(member => member.Key != word))
        {
            var property = info.Properties.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new UsageException(
                $"{what} has no '{name}'; it has "
                + $"{string.Join(", ", info.Properties.Where(IsSettable).Select(known => known.Name).Order(StringComparer.Ordinal))}.");
            if (value is JsonObject inner)
            {
                RequireMembers($"{what}: option {property.Name}", inner, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
            }
        }
    }

    private static bool IsSettable(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    private static IEnumerable<string> Names(Type type) => Settable(type).SelectMany(property =>
        Groups.Contains(property.PropertyType) ? Names(property.PropertyType) : [property.Name]);

    private static IEnumerable<JsonPropertyInfo> Settable(Type type) =>
        Serializer.GetTypeInfo(type).Properties.Where(property => property.Set is not null);

    // The serializer wants the words that tell types apart before other members.
    private static JsonObject DiscriminatorFirst(JsonObject settings)
    {
        var ordered = settings.OrderByDescending(member => member.Key is MethodKey or "kind");
        return new JsonObject(ordered.Select(member => KeyValuePair.Create(
            member.Key, member.Value is JsonObject inner ? DiscriminatorFirst(inner) : member.Value?.DeepClone())));
    }

    private static string Message(Exception exception) => exception is JsonException { Path: { Length: > 2 } path }
        ? $"option {path[2..]} has a value of the wrong kind."
        : ErrorText.Of(exception);
}
