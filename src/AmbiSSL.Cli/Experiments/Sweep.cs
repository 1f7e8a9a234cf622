using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Experiments;

/// <summary>
/// A file of runs: <c>base</c> (settings that all share), <c>runs</c> (each a method, a name where it is not the method's word, and
/// settings), <c>grid</c> (settings with several values each, all combined), <c>labeled</c>, <c>seeds</c> and <c>folds</c>.
/// </summary>
internal sealed class Sweep
{
    private const string NameKey = "name";
    private const string LabeledKey = "labeled";
    private static readonly string[] Members = ["base", "runs", "grid", LabeledKey, "seeds", "folds"];

    private readonly string _path;
    private readonly JsonObject _file;

    private Sweep(string path, JsonObject file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Reads and checks a whole file.</summary>
    /// <returns>Its runs in order: seeds outermost, then folds, labeled shares, runs and grid, so that what is done is balanced.</returns>
    /// <exception cref="UsageException">Something in the file is wrong; the message names the file and the run.</exception>
    public static IReadOnlyList<SweepRun> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"Sweep '{path}' does not exist.");
        }

        try
        {
            var file = JsonNode.Parse(File.ReadAllText(path), null, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
            });
            return new Sweep(path, file as JsonObject ?? throw new UsageException($"Sweep '{path}' is no JSON object.")).Expand();
        }
        catch (JsonException exception)
        {
            throw new UsageException($"Sweep '{path}' is no JSON: {exception.Message}", exception);
        }
    }

    private List<SweepRun> Expand()
    {
        if (_file.FirstOrDefault(member => !Members.Contains(member.Key)).Key is { } unknown)
        {
            throw Error($"'{unknown}' is none of {string.Join(", ", Members)}");
        }

        var runs = Runs().ToList();
        var seeds = Values("seeds", node => node.GetValue<int>(), [1]);
        var folds = Values("folds", node => (int?)node.GetValue<int>(), [null]);
        var labeled = runs.SelectMany(run => run.Labeled).DistinctBy(part => part.Label).ToList();
        var expanded = (
            from seed in seeds
            from fold in folds
            from part in labeled
            from run in runs
            where run.Labeled.Any(own => own.Label == part.Label)
            select new SweepRun(run.Name, Check(run.Name, run.Settings, seed), part, fold)).ToList();
        return expanded.GroupBy(run => (run.Name, run.Options.Seed, run.Labeled.Label, run.Fold)).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw Error($"run '{twice.Key.Name}' is there twice; give each run a name of its own")
            : expanded;
    }

    private IEnumerable<(string Name, JsonObject Settings, IReadOnlyList<LabeledPart> Labeled)> Runs()
    {
        var shared = Object("base");
        var combinations = Combinations().ToList();
        var labeled = LabeledParts(_file[LabeledKey], "") ?? [LabeledPart.Parse("1")];
        var number = 0;
        foreach (var node in _file["runs"] as JsonArray ?? throw Error("'runs' is missing; it lists the runs, such as [{\"method\": \"ambissl\"}]"))
        {
            number++;
            var run = node as JsonObject ?? throw Error($"run {number} is no object, such as {{\"method\": \"ambissl\"}}");
            var method = Text(run, MethodSettings.MethodKey) ?? Text(shared, MethodSettings.MethodKey) ?? throw Error($"run {number} has no method");
            var name = Text(run, NameKey) ?? method;
            if (name.Length == 0 || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && !"-_.+=".Contains(letter)))
            {
                throw Error($"run {number} is called '{name}'; names are letters, digits and - _ . + = alone, since files are named after them");
            }

            var own = LabeledParts(run[LabeledKey], $"run '{name}': ") ?? labeled;
            foreach (var (suffix, values) in combinations)
            {
                var settings = Merge(shared, run, values);
                settings[MethodSettings.MethodKey] = method;
                yield return (name + suffix, settings, own);
            }
        }

        if (number == 0)
        {
            throw Error("'runs' is empty");
        }
    }

    private IEnumerable<(string Suffix, JsonObject Values)> Combinations()
    {
        IEnumerable<(string Suffix, JsonObject Values)> combinations = [("", [])];
        foreach (var (option, values) in Object("grid"))
        {
            if (values is not JsonArray { Count: > 0 } list || list.Any(value => value is not JsonValue))
            {
                throw Error($"'{option}' in the grid needs a list of numbers, words or truth values, such as [0.3, 0.5]");
            }

            combinations =
                from combination in combinations.ToList()
                from value in list
                select ($"{combination.Suffix}+{option}={value}", Merge(combination.Values, new JsonObject { [option] = value!.DeepClone() }));
        }

        return combinations;
    }

    private SegmentationOptions Check(string name, JsonObject settings, int seed)
    {
        try
        {
            return MethodSettings.ToOptions(Merge(settings, new JsonObject { [nameof(SegmentationOptions.Seed)] = seed }));
        }
        catch (UsageException exception)
        {
            throw new UsageException($"Sweep '{_path}', run '{name}': {exception.Message}", exception);
        }
    }

    private List<LabeledPart>? LabeledParts(JsonNode? node, string where)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(_path));
            return node switch
            {
                null => null,
                JsonArray { Count: > 0 } list => [.. list.Select(item => LabeledPart.Parse(item!.ToString(), folder))],
                JsonValue value => [LabeledPart.Parse(value.ToString(), folder)],
                _ => throw new UsageException("'labeled' is a share or a list of shares, such as [0.05, 0.1]."),
            };
        }
        catch (UsageException exception)
        {
            throw new UsageException($"Sweep '{_path}': {where}{exception.Message}", exception);
        }
    }

    private IReadOnlyList<T> Values<T>(string member, Func<JsonNode, T> read, IReadOnlyList<T> absent)
    {
        if (_file[member] is not { } node)
        {
            return absent;
        }

        try
        {
            return node is JsonArray { Count: > 0 } list ? [.. list.Select(item => read(item!))] : throw new FormatException();
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or NullReferenceException)
        {
            throw Error($"'{member}' must be a list of whole numbers, such as [1, 2, 3]");
        }
    }

    private JsonObject Object(string member) => _file[member] switch
    {
        null => [],
        JsonObject value => value,
        _ => throw Error($"'{member}' is no object"),
    };

    private string? Text(JsonObject node, string member) => node[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Error($"'{member}' is no text"),
    };

    /// <summary>The settings of several objects, later ones winning.</summary>
    private static JsonObject Merge(params JsonObject[] parts)
    {
        var merged = new JsonObject();
        foreach (var (key, value) in parts.SelectMany(part => part).Where(member => member.Key is not (NameKey or LabeledKey)))
        {
            merged[key] = value?.DeepClone();
        }

        return merged;
    }

    private UsageException Error(string what) => new($"Sweep '{_path}': {what}.");
}
