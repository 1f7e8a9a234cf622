using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// A folder that several processes fill, on any machines, each with a shard of the images. <c>run.json</c> says what all of it depends on, by content and not
/// by path; <c>manifest/0-of-4.csv</c> of each shard that has ended has a line an image.
/// </summary>
internal sealed partial class ShardFolder
{
    /// <summary>The column of manifests that names the image.</summary>
    public const string Image = "image";

    private const string SettingsName = "run.json";
    private const string ImagesSetting = "images";
    private const int Shown = 10;

    private ShardFolder(string path, JsonObject settings)
    {
        Path = path;
        Settings = settings;
        Images = [.. settings[ImagesSetting]!.AsArray().Select(id => (string)id!)];
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What its content depends on.</summary>
    public JsonObject Settings { get; }

    /// <summary>The ids of all images, in the order of the data set.</summary>
    public IReadOnlyList<string> Images { get; }

    private string Manifests => System.IO.Path.Combine(Path, "manifest");

    /// <summary>Makes the folder, or goes on in one that was begun with the same settings and images.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="settings">What its content depends on.</param>
    /// <param name="images">The ids of all images.</param>
    /// <exception cref="IOException">The folder was begun with others, or is a file.</exception>
    public static ShardFolder Begin(string path, JsonObject settings, IEnumerable<string> images)
    {
        if (File.Exists(path))
        {
            throw new IOException($"'{path}' is a file; name a folder, a new one or one that was begun with the same settings.");
        }

        settings[ImagesSetting] = new JsonArray([.. images.Select(id => JsonValue.Create(id))]);
        var file = System.IO.Path.Combine(path, SettingsName);
        if (!File.Exists(file))
        {
            JsonFile.Write(file, settings);
        }

        var found = Open(path);
        string[] different =
        [
            .. settings.Select(setting => setting.Key).Union(found.Settings.Select(setting => setting.Key))
                .Where(name => !JsonNode.DeepEquals(settings[name], found.Settings[name])),
        ];
        return different.Length == 0
            ? found
            : throw new IOException(
                $"'{path}' was begun with another value of {string.Join(", ", different)}, as {SettingsName} in it says; choose another folder.");
    }

    /// <summary>Opens a folder that shards were written to.</summary>
    /// <exception cref="FileNotFoundException">It is no such folder.</exception>
    /// <exception cref="InvalidDataException">Its settings are damaged.</exception>
    public static ShardFolder Open(string path)
    {
        var file = System.IO.Path.Combine(path, SettingsName);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException(
                $"'{path}' has no {SettingsName}, so no shard has begun there; name the folder that predict or evaluate wrote to.", file);
        }

        try
        {
            return new ShardFolder(path, JsonNode.Parse(File.ReadAllText(file))!.AsObject());
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"'{file}' is damaged, so that nobody knows what the files beside it are of; choose another folder.", exception);
        }
    }

    /// <summary>Writes the manifest of a shard that has ended.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="columns">The names of what is said of an image.</param>
    /// <param name="lines">The id of each image of the shard, and what is said of it.</param>
    public void WriteManifest(Shard shard, IEnumerable<string> columns, IEnumerable<(string Id, IEnumerable<string> Values)> lines) => CsvFile.Write(
        System.IO.Path.Combine(Manifests, string.Create(CultureInfo.InvariantCulture, $"{shard.Index}-of-{shard.Count}.csv")),
        [[Image, .. columns], .. lines.Select(line => (IEnumerable<string>)[line.Id, .. line.Values])]);

    /// <summary>What the manifests say, by the image's id.</summary>
    /// <exception cref="InvalidDataException">Two of them contradict each other.</exception>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Lines()
    {
        var lines = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (file, _) in Ended())
        {
            foreach (var line in CsvFile.Read(file))
            {
                var id = line.GetValueOrDefault(Image)
                    ?? throw new InvalidDataException($"'{file}' has no column {Image}; delete it, and give the command of its shard again.");
                if (!lines.TryAdd(id, line) && !line.All(lines[id].Contains))
                {
                    throw new InvalidDataException(
                        $"'{file}' says of image '{id}' what another manifest beside it contradicts: the shards read other data, or computed on other "
                        + "processors. Delete one of the two, and give the command of its shard again.");
                }
            }
        }

        return lines;
    }

    /// <summary>Requires that no image is missing.</summary>
    /// <param name="isThere">Whether all of an image is there.</param>
    /// <exception cref="InvalidDataException">Some are missing; the message names them and their shards.</exception>
    public void RequireAll(Func<string, bool> isThere)
    {
        int[] missing = [.. Enumerable.Range(0, Images.Count).Where(position => !isThere(Images[position]))];
        if (missing.Length == 0)
        {
            return;
        }

        var counts = Ended().Select(manifest => manifest.Shard.Count).Distinct().ToArray();
        var remedy = counts is [var count]
            ? "Give the command again with --shard "
                + $"{string.Join(", ", missing.Select(position => new Shard(position % count, count)).Distinct().OrderBy(shard => shard.Index))}."
            : counts.Length == 0 ? "No shard has ended yet." : "Give the commands of the shards that have not ended again.";
        throw new InvalidDataException(
            $"{missing.Length} of {Images.Count} images are missing in '{Path}': {string.Join(", ", missing.Take(Shown).Select(position => Images[position]))}"
            + $"{(missing.Length > Shown ? " and more" : "")}. {remedy}");
    }

    private IEnumerable<(string File, Shard Shard)> Ended() =>
        from file in Directory.Exists(Manifests) ? Directory.GetFiles(Manifests).Order(StringComparer.Ordinal) : Enumerable.Empty<string>()
        let name = ManifestName().Match(System.IO.Path.GetFileName(file))
        where name.Success
        select (file, new Shard(Number(name.Groups[1]), Number(name.Groups[2])));

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,9})-of-(\d{1,9})\.csv$")]
    private static partial Regex ManifestName();
}
