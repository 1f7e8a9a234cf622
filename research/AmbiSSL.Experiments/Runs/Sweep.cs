using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Experiments.Runs;

/// <summary>
/// A file of runs: <c>base</c> (settings that all share), <c>runs</c> (each a method, a name where it is not the method's word, settings,
/// labeled shares of its own, and <c>members</c> where several networks are to be one ensemble), <c>grid</c> (settings with several values each, all
/// combined), <c>labeled</c>, <c>seeds</c> and <c>folds</c>.
/// </summary>
internal sealed class Sweep
{
    private const string NameKey = "name";
    private const string LabeledKey = "labeled";
    private const string MembersKey = "members";
    private const int MostRuns = 100_000;
    private const int MostMembers = 100;
    private static readonly string[] Members = ["base", "runs", "grid", LabeledKey, "seeds", "folds"];

    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    private readonly string _path;
    private readonly JsonObject _file;

    private Sweep(string path, JsonObject file) => (_path, _file) = (path, file);

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
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Once) is JsonObject file
                ? new Sweep(path, file).Expand()
                : throw new UsageException($"Sweep '{path}' is no JSON object.");
        }
        catch (JsonException exception)
        {
            throw new UsageException(
                exception.Message.StartsWith("Expected depth to be zero", StringComparison.Ordinal)
                    ? $"Sweep '{path}' ends early, in line {exception.LineNumber + 1}: what was opened there is not closed. Copy it again, or close it."
                    : $"Sweep '{path}' is no JSON: in line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}, "
                        + $"{exception.Message.Split(" LineNumber:")[0].TrimEnd('.')}. Mend it there.",
                exception);
        }
    }

    private List<SweepRun> Expand()
    {
        if (_file.FirstOrDefault(member => !Members.Contains(member.Key)).Key is { } unknown)
        {
            throw Error($"'{unknown}' is none of {string.Join(", ", Members)}");
        }

        var runs = Runs().ToList();
        var seeds = Numbers<int>(_file["seeds"], "seeds") ?? [1];
        var folds = Numbers<int>(_file["folds"], "folds")?.Select(fold => (int?)fold) ?? [null];
        RequireFew(runs.Sum(run => (long)run.Labeled.Distinct().Count()) * seeds.Count * folds.Count());

        var expanded = (
            from seed in seeds
            from fold in folds
            from share in runs.SelectMany(run => run.Labeled).Distinct()
            from run in runs
            where run.Labeled.Contains(share)
            select new SweepRun(run.Name, Options(run.Name, run.Settings, seed), run.Members, share, fold)).ToList();
        if (expanded.Find(run => run.Members > 1 && run.Options.KnowsAnnotators) is { } personal)
        {
            throw Error(
                $"run '{personal.Name}': {personal.Options.MethodName} draws the masks of single annotators too, which no ensemble pools; leave 'members' out");
        }

        return expanded.GroupBy(run => (run.Name, run.Options.Seed, run.Labeled, run.Fold)).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw Error($"run '{twice.Key.Name}' is there twice; give each run a name of its own")
            : expanded;
    }

    private IEnumerable<(string Name, JsonObject Settings, int Members, IReadOnlyList<double> Labeled)> Runs()
    {
        var shared = Object("base");
        var labeled = Shares(_file[LabeledKey]) ?? [1];
        if (_file["runs"] is not JsonArray { Count: > 0 } runs)
        {
            throw Error("'runs' is missing or empty; it lists the runs, such as [{\"method\": \"ambissl\"}]");
        }

        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i] as JsonObject ?? throw Error($"run {i + 1} is no object, such as {{\"method\": \"ambissl\"}}");
            var method = Text(run, MethodSettings.MethodKey) ?? Text(shared, MethodSettings.MethodKey) ?? throw Error($"run {i + 1} has no method");
            var name = Text(run, NameKey) ?? method;
            if (name.Length == 0 || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && !"-_.+=".Contains(letter)))
            {
                throw Error($"run {i + 1} is called '{name}'; names are letters, digits and - _ . + = alone, since folders are named after them");
            }

            foreach (var (suffix, values) in Combinations())
            {
                var settings = Merge(shared, run, values);
                settings[MethodSettings.MethodKey] = method;
                yield return (name + suffix, settings, MembersOf(run, name), Shares(run[LabeledKey]) ?? labeled);
            }
        }
    }

    private IEnumerable<(string Suffix, JsonObject Values)> Combinations()
    {
        IEnumerable<(string Suffix, JsonObject Values)> combinations = [("", [])];
        var count = 1L;
        foreach (var (option, values) in Object("grid"))
        {
            if (values is not JsonArray { Count: > 0 } list || list.Any(value => value is not JsonValue))
            {
                throw Error($"'{option}' in the grid needs a list of numbers, words or truth values, such as [0.3, 0.5]");
            }

            RequireFew(count *= list.Count);
            combinations =
                from combination in combinations.ToList()
                from value in list
                select ($"{combination.Suffix}+{option}={value}", Merge(combination.Values, new JsonObject { [option] = value!.DeepClone() }));
        }

        return combinations;
    }

    private SegmentationOptions Options(string name, JsonObject settings, int seed)
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

    private int MembersOf(JsonObject run, string name) => Numbers<int>(run[MembersKey], MembersKey) switch
    {
        null => 1,
        [>= 2 and <= MostMembers and var members] => members,
        _ => throw Error($"run '{name}': 'members' must be a number from 2 to {MostMembers}"),
    };

    private IReadOnlyList<double>? Shares(JsonNode? node)
    {
        var shares = Numbers<double>(node, LabeledKey);
        return shares?.Any(share => share is not (> 0 and <= 1)) is true
            ? throw Error(
                FormattableString.Invariant($"a labeled share is {shares.First(share => share is not (> 0 and <= 1))}; it must lie above 0 and be at most 1"))
            : shares;
    }

    /// <summary>A list of numbers, or a number alone; null where there is none.</summary>
    private IReadOnlyList<T>? Numbers<T>(JsonNode? node, string member)
    {
        try
        {
            return node switch
            {
                null => null,
                JsonArray { Count: > 0 } list => [.. list.Select(item => item!.GetValue<T>())],
                _ => [node.GetValue<T>()],
            };
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or NullReferenceException)
        {
            throw Error($"'{member}' must be a list of numbers, such as {(typeof(T) == typeof(int) ? "[1, 2, 3]" : "[0.05, 0.1]")}");
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
        foreach (var (key, value) in parts.SelectMany(part => part).Where(member => member.Key is not (NameKey or LabeledKey or MembersKey)))
        {
            merged[key] = value?.DeepClone();
        }

        return merged;
    }

    // A short grid can ask for more than any memory holds.
    private void RequireFew(long runs)
    {
        if (runs > MostRuns)
        {
            throw Error($"it asks for {runs} runs; at most {MostRuns} are taken, so divide it");
        }
    }

    private UsageException Error(string what) => new($"Sweep '{_path}': {what}.");
}
