using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Cli.Experiments;

/// <summary>A folder of result files, one a run.</summary>
internal sealed class ResultFolder(string path)
{
    private static readonly JsonSerializerOptions Serializer = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        Converters = { new FiguresConverter(), new ImageFiguresConverter() },
    };

    /// <summary>Path of the file of a run's curves, in a folder that is there.</summary>
    public string CurvesOf(ExperimentRun run, string fingerprint)
    {
        Directory.CreateDirectory(path);
        return Path.ChangeExtension(PathOf(run, fingerprint), ".curves.csv");
    }

    /// <summary>The run's own folder of a folder of checkpoints.</summary>
    public static string CheckpointOf(string checkpoints, ExperimentRun run, string fingerprint) =>
        Path.Combine(checkpoints, Path.GetFileNameWithoutExtension(FileName(run, fingerprint)));

    /// <summary>Writes a result under a temporary name first.</summary>
    public void Write(ExperimentRun run, string fingerprint, FoldResult result)
    {
        Directory.CreateDirectory(path);
        AtomicFile.Write(PathOf(run, fingerprint), stream => JsonSerializer.Serialize(stream, result, Serializer));
    }

    /// <summary>
    /// A run's result, where it is there and complete, whatever hash its file is named with: it may be from before an option existed.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="fingerprint">Hash of the data set.</param>
    /// <param name="damage">Why a file that is there cannot be used; null where there is none, or where one can.</param>
    /// <exception cref="InvalidDataException">The run's own file is of other settings.</exception>
    public FoldResult? Find(ExperimentRun run, string fingerprint, out string? damage)
    {
        damage = null;
        var own = PathOf(run, fingerprint);
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, run.FileName(SettingsIdentity.AnyHash)) : [];
        foreach (var file in files.OrderByDescending(file => file == own).ThenBy(file => file, StringComparer.Ordinal))
        {
            try
            {
                var result = Read(file);
                if (IsOf(result, run, fingerprint))
                {
                    damage = null;
                    return result;
                }
            }
            catch (InvalidDataException exception)
            {
                damage ??= exception.Message;
                continue;
            }

            if (file == own)
            {
                throw new InvalidDataException(
                    $"Result file '{Path.GetFileName(file)}' is of other settings than this run has; move it away, or choose another --out.");
            }
        }

        return null;
    }

    /// <summary>Reads every result file, in the order of their names.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, two are of the same run, or there is none.</exception>
    public IReadOnlyList<FoldResult> ReadAll()
    {
        if (!Directory.Exists(path))
        {
            throw new UsageException($"Folder '{path}' does not exist; give --results the folder that crossval --out wrote.");
        }

        var results = new List<FoldResult>();
        var runs = new Dictionary<object, string>();
        foreach (var file in Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal))
        {
            var result = Read(file);
            if (!runs.TryAdd((result.Row, result.Part, result.Labeled, result.Fold, result.Seed), file))
            {
                var other = runs[(result.Row, result.Part, result.Labeled, result.Fold, result.Seed)];
                throw new InvalidDataException(
                    $"'{Path.GetFileName(other)}' and '{Path.GetFileName(file)}' hold the same run; remove one of them.");
            }

            results.Add(result);
        }

        return results.Count > 0
            ? results
            : throw new InvalidDataException($"Folder '{path}' holds no result file; ambissl crossval --out writes them.");
    }

    /// <summary>Reads one result file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, incomplete or of another format.</exception>
    public static FoldResult Read(string file)
    {
        const string Remedy = "remove it and run crossval again";
        try
        {
            using var stream = File.OpenRead(file);
            var result = JsonSerializer.Deserialize<FoldResult>(stream, Serializer) ?? throw new JsonException("it is empty.");
            if (result.FormatVersion != FoldResult.CurrentFormat)
            {
                throw new JsonException($"its format is {result.FormatVersion}, and this program reads {FoldResult.CurrentFormat}.");
            }

            if (result is not { Settings: not null, Images: not null, Figures: not null, Cost: not null, Machine: not null })
            {
                throw new JsonException("a part of it is null.");
            }

            return result.Images.Count == result.Figures.Count
                ? result with { SettingsHash = SettingsIdentity.Hash(SettingsIdentity.Of(result)) }
                : throw new JsonException($"it lists {result.Images.Count} images, and its figures are of {result.Figures.Count}.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"Result file '{Path.GetFileName(file)}' is damaged or incomplete; {Remedy}. {exception.Message}", exception);
        }
    }

    private static string FileName(ExperimentRun run, string fingerprint) => run.FileName(SettingsIdentity.Hash(SettingsIdentity.Of(run, fingerprint)));

    private static bool IsOf(FoldResult result, ExperimentRun run, string fingerprint) =>
        (result.Name, result.Part, result.Labeled, result.Fold, result.Seed) == (run.Name, run.Part, run.Labeled.Label, run.Fold, run.Seed)
        && JsonNode.DeepEquals(SettingsIdentity.Of(result), SettingsIdentity.Of(run, fingerprint));

    private string PathOf(ExperimentRun run, string fingerprint) => Path.Combine(path, FileName(run, fingerprint));
}
