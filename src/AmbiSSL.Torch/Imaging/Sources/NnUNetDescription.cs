using System.Globalization;
using System.Text.Json;

namespace AmbiSSL.Torch.Imaging;

/// <summary>What <c>dataset.json</c> says of a data set of nnU-Net: its channels and its labels.</summary>
internal sealed class NnUNetDescription
{
    public const string FileName = "dataset.json";

    private const string IgnoreName = "ignore";
    private const string BackgroundName = "background";

    private readonly string _path;
    private readonly Dictionary<string, int[]> _labels;

    private NnUNetDescription(string path, int? channels, Dictionary<string, int[]> labels)
    {
        _path = path;
        _labels = labels;
        Channels = channels;
    }

    /// <summary>Number of channels; null where it is not said.</summary>
    public int? Channels { get; }

    /// <summary>Reads a description, of the first or the second version of the format.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or says what cannot be.</exception>
    public static NnUNetDescription Read(string path)
    {
        using var document = JsonDocument.Parse(JsonText.Read(path, "Description"));
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("labels", out var labels) || labels.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"'{path}' does not describe a data set of nnU-Net: it must hold an object with \"labels\".");
        }

        var hasChannels = root.TryGetProperty("channel_names", out var channels) || root.TryGetProperty("modality", out channels);
        return new NnUNetDescription(
            path, hasChannels && channels.ValueKind == JsonValueKind.Object ? channels.EnumerateObject().Count() : null, ReadLabels(path, labels));
    }

    /// <summary>The values of the foreground, those of the label that is named or of the only one, and those that the label <c>ignore</c> has.</summary>
    /// <exception cref="InvalidDataException">There is no such label, there are several, or one has a value to ignore.</exception>
    public ForegroundValues Foreground(string? category)
    {
        var labels = _labels.Where(label =>
            label.Key != IgnoreName && !label.Key.Equals(BackgroundName, StringComparison.OrdinalIgnoreCase) && label.Value is not [0]).ToList();
        var names = string.Join(", ", labels.Select(label => label.Key));
        if (category is null && labels.Count != 1)
        {
            throw new InvalidDataException(
                $"'{_path}' has {(labels.Count == 0 ? "no label" : $"the labels {names}")}; name the foreground with {nameof(ReadingOptions.Category)} "
                + $"(--category), or its values with {nameof(ReadingOptions.ForegroundValues)} (--foreground).");
        }

        var (name, values) = category is null ? labels[0] : labels.Find(label => label.Key == category);
        if (name is null)
        {
            throw new InvalidDataException($"'{_path}' has no label '{category}', but {names}.");
        }

        var ignored = _labels.GetValueOrDefault(IgnoreName);
        var foreground = ForegroundValues.Of(values).Among(_labels.Values.SelectMany(all => all));
        return ignored is null ? foreground
            : !ignored.Intersect(values).Any() ? foreground.Ignoring(ignored)
            : throw new InvalidDataException(
                $"'{_path}' gives the label '{name}' a value of the label '{IgnoreName}', {ignored[0]}; a value is one of the two.");
    }

    /// <summary>
    /// How label files are read: the values of classes, which are labels of these names, and what is ignored; what is of other labels is background.
    /// </summary>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="reading">How files are read.</param>
    /// <exception cref="InvalidDataException">There is no label of a name, or one has a value to ignore.</exception>
    public ReadingOptions WithValues(MaskClasses classes, ReadingOptions reading)
    {
        if (classes.Names.FirstOrDefault(name => !_labels.ContainsKey(name)) is { } missing)
        {
            throw new InvalidDataException($"'{_path}' has no label '{missing}', but {string.Join(", ", _labels.Keys)}.");
        }

        var ignored = _labels.GetValueOrDefault(IgnoreName, []);
        var own = classes.Names.SelectMany(name => _labels[name]).ToHashSet();
        if (ignored.FirstOrDefault(own.Contains, -1) is >= 0 and var both)
        {
            throw new InvalidDataException($"'{_path}' gives a class the value of the label '{IgnoreName}', {both}; a value is one of the two.");
        }

        var others = _labels.Values.SelectMany(values => values).Append(0).Except(own).Except(ignored);
        var parts = classes.Names.Select(name => Part(name, _labels[name]));
        return reading with
        {
            Classes = ClassValues.Of(others.Any() ? parts.Append(Part(BackgroundName, others)) : parts, classes),
            ForegroundValues = reading.ForegroundValues ?? (ignored.Length == 0 ? null : ForegroundValues.Unmistakable.Ignoring(ignored)),
        };

        static string Part(string name, IEnumerable<int> values) => $"{name}={string.Join('+', values)}";
    }

    // Version 2 has names with values, or lists of them; version 1 values with names.
    private static Dictionary<string, int[]> ReadLabels(string path, JsonElement labels)
    {
        var found = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var label in labels.EnumerateObject())
        {
            var isReversed = label.Value.ValueKind == JsonValueKind.String;
            int[]? values = (isReversed, label.Value.ValueKind) switch
            {
                (true, _) => int.TryParse(label.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? [number] : null,
                (_, JsonValueKind.Number) => label.Value.TryGetInt32(out var number) ? [number] : null,
                (_, JsonValueKind.Array) when label.Value.GetArrayLength() > 0 && label.Value.EnumerateArray()
                    .All(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _)) =>
                    [.. label.Value.EnumerateArray().Select(value => value.GetInt32())],
                _ => null,
            };
            if (values is null || values.Any(value => value is < 0 or > ushort.MaxValue))
            {
                throw new InvalidDataException(
                    $"'{path}' gives the label '{label.Name}' the value {label.Value.GetRawText()}; give a number from 0 to 65535, or a list.");
            }

            found[isReversed ? label.Value.GetString()! : label.Name] = values;
        }

        return found;
    }
}
