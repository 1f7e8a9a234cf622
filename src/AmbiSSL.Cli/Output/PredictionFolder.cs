using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// The files of a prediction: <c>masks/ID_s1.png</c> and so on, <c>probability/ID.png</c> and <c>uncertainty/ID.png</c> of 16 bits,
/// those of its parts where an ensemble drew, <c>consensus/ID.png</c>, of models with outlines <c>inner/ID.png</c> and <c>outer/ID.png</c>, <c>sheets/ID.png</c>,
/// <c>measurements/ID.csv</c>, and where they are wanted <c>overlays/ID.png</c>, <c>overlays/ID.svg</c> and <c>heatmaps/ID.png</c>. Each is written under a
/// temporary name first; an image is done when all of its files are there. <c>measurements.csv</c> and <c>manifest.csv</c> have a line an image once all are done.
/// Images that went from file to files have masks, maps, consensus and measurements alone.
/// Where the images are slices of NIfTI volumes, <c>volumes</c> has <c>ID_s1.nii.gz</c> and so on, <c>ID_consensus.nii.gz</c>, of models with outlines
/// <c>ID_inner.nii.gz</c> and <c>ID_outer.nii.gz</c>, <c>ID_probability.nii.gz</c> and <c>ID_uncertainty.nii.gz</c>, and those of its parts where an ensemble drew,
/// of each volume whose slices are done. Masks of several classes are PNG with a palette, whose values are the numbers of the classes, or, where these overlap, a file
/// a class, <c>masks/ID_s1_CLASS.png</c>; there is a <c>probability/ID_CLASS.png</c> for each class, and an inner and an outer outline, an uncertainty in parts of
/// its largest value, and <c>classes.csv</c> with number, name and color of each.
/// </summary>
internal sealed class PredictionFolder
{
    /// <summary>What <c>run.json</c> calls the command.</summary>
    public const string Command = "predict";

    /// <summary>What <c>run.json</c> calls the number of models, where there are several.</summary>
    public const string Models = "models";

    /// <summary>What <c>run.json</c> calls the images that went from file to files, where there are some.</summary>
    public const string Large = "large";

    private const string ClassesName = "classes";
    private const string OverlapName = "overlap";
    private const string ExpertsName = "uncertainty_experts";
    private const string ModelsName = "uncertainty_models";

    private const string FilesColumn = "files";
    private const string PixelsColumn = "pixels";

    private readonly ShardFolder _shards;
    private readonly string _path;
    private readonly int _samples;
    private readonly string[] _outlines;
    private readonly bool _overlays;
    private readonly string[] _parts;
    private readonly HashSet<string> _large;
    private readonly MaskClasses _classes;

    /// <summary>A folder that was begun. Outlines and overlays belong to it where there are any.</summary>
    public PredictionFolder(ShardFolder shards)
        : this(shards, Directory.Exists(Path.Combine(shards.Path, "inner")), Directory.Exists(Path.Combine(shards.Path, "overlays")))
    {
    }

    private PredictionFolder(ShardFolder shards, bool outlines, bool overlays)
    {
        (_shards, _path, _samples, _overlays) = (shards, shards.Path, (int)shards.Settings["samples"]!, overlays);
        _outlines = outlines ? ["inner", "outer"] : [];
        _parts = shards.Settings[Models] is null ? [] : [ExpertsName, ModelsName];
        _large = [.. shards.Settings[Large]?.AsArray().Select(id => (string)id!) ?? []];
        _classes = ClassesOf(shards.Settings);
    }

    /// <summary>The measurements of all images.</summary>
    public string MeasurementsPath => Path.Combine(_path, "measurements.csv");

    /// <summary>The digests of all images and their files.</summary>
    public string ManifestPath => Path.Combine(_path, "manifest.csv");

    /// <summary>Whether all images are done, and all shards have ended.</summary>
    public bool IsComplete
    {
        get
        {
            var lines = _shards.Lines();
            return _shards.Images.All(id => lines.ContainsKey(id) && IsDone(id));
        }
    }

    /// <summary>Says in settings which classes masks have; of one class nothing.</summary>
    public static void AddClasses(JsonObject settings, MaskClasses classes)
    {
        if (classes != MaskClasses.One)
        {
            settings[ClassesName] = new JsonArray([.. classes.Names.Select(name => JsonValue.Create(name))]);
            settings[OverlapName] = classes.Overlap;
        }
    }

    /// <summary>The classes that settings tell.</summary>
    public static MaskClasses ClassesOf(JsonObject settings) => settings[ClassesName] is JsonArray names
        ? new MaskClasses([.. names.Select(name => (string)name!)], (bool)settings[OverlapName]!)
        : MaskClasses.One;

    /// <summary>Makes the folder, or goes on in one that was begun with the same settings.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="outlines">Whether the model has outlines.</param>
    /// <param name="overlays">Whether contours and uncertainty are drawn over each image in its own size.</param>
    /// <param name="settings">What the files depend on: the number of <c>samples</c>, that of <see cref="Models"/> where there are several, and whatever else.</param>
    /// <param name="images">The ids of all images.</param>
    /// <exception cref="IOException">The folder holds predictions with other settings, or files would have one name.</exception>
    public static PredictionFolder Begin(string path, bool outlines, bool overlays, JsonObject settings, IReadOnlyCollection<string> images)
    {
        var names = ClassesOf(settings).Names;
        if (names.FirstOrDefault(name => name.IndexOfAny(['/', '\\', ':']) >= 0) is { } unusable)
        {
            throw new IOException($"The class '{unusable}' has / \\ or : in its name, so no file can be named after it; train with another name.");
        }

        var files = from id in images from name in names select (Id: id, Class: name, File: $"{id}_{name}.png");
        if (files.GroupBy(file => file.File).FirstOrDefault(same => same.Count() > 1)?.ToArray() is [var first, var second, ..])
        {
            throw new IOException(
                $"Class '{first.Class}' of image '{first.Id}' and class '{second.Class}' of image '{second.Id}' would both be written to '{first.File}'; rename "
                + "one of the images.");
        }

        var folder = new PredictionFolder(ShardFolder.Begin(path, settings, images), outlines, overlays);
        string[] kinds =
        [
            "masks", "consensus", .. folder._outlines, "probability", "uncertainty", .. folder._parts, "sheets", "measurements",
            .. overlays ? (string[])["overlays", "heatmaps"] : [],
        ];
        foreach (var name in kinds)
        {
            Directory.CreateDirectory(Path.Combine(path, name));
        }

        if (folder._classes.Count > 1)
        {
            var colors = Enumerable.Range(0, folder._classes.Count).Select(position => (string[])
                [string.Create(CultureInfo.InvariantCulture, $"{position + 1}"), folder._classes.Names[position], folder._classes.ColorOf(position)]);
            CsvFile.Write(Path.Combine(path, "classes.csv"), [["number", "name", "color"], .. colors]);
        }

        return folder;
    }

    /// <summary>Whether all files of an image are there.</summary>
    public bool IsDone(string id) => Files(id).All(File.Exists);

    /// <summary>Requires of an image that is done that it was drawn from these pixels.</summary>
    /// <returns>True.</returns>
    /// <exception cref="IOException">It was drawn from others.</exception>
    public bool RequirePixels(string id, string pixels) => MeasurementFile.PixelsOf(MeasurementPath(id)) == pixels
        ? true
        : throw new IOException($"'{_path}' holds predictions of another image '{id}' than the one that is read now; choose another folder.");

    /// <summary>Draws an image from its file to the files of its masks and maps.</summary>
    /// <param name="record">The image.</param>
    /// <param name="pixels">The digest of its file.</param>
    /// <param name="draw">Draws it, and measures what it drew.</param>
    public void WriteLarge(ImageRecord record, string pixels, Func<SampleFiles, SampleMeasurements> draw)
    {
        RequireFileName(record.Id);
        MeasurementFile.Write(MeasurementPath(record.Id), record, pixels, _classes, draw(SampleFiles(record.Id)));
    }

    private SampleFiles SampleFiles(string id) => new(
        [.. Enumerable.Range(0, _samples).SelectMany(sample => MaskPaths(id, sample))],
        MaskPaths("consensus", id),
        PlanePaths("probability", id),
        MapPath("uncertainty", id));

    /// <summary>Writes the files of an image, except those over the whole image.</summary>
    /// <param name="drawn">What was drawn for it.</param>
    /// <param name="spacing">The distances of its pixels; null where nobody knows them.</param>
    public void Write(ScoredImage drawn, PixelSpacing? spacing)
    {
        var (image, masks, probability, uncertainty, consensus, outlines, _) = drawn;
        RequireFileName(image.Id);
        var size = image.Shape.Size;
        foreach (var (mask, sample) in masks.Chunk(_classes.Count * size.PixelCount).Select((mask, sample) => (mask, sample)))
        {
            WriteMask(MaskPaths(image.Id, sample), size, mask);
        }

        WriteMask(MaskPaths("consensus", image.Id), size, consensus);
        if (outlines is var (inner, outer))
        {
            WritePlanes(PlanePaths("inner", image.Id), size, inner);
            WritePlanes(PlanePaths("outer", image.Id), size, outer);
        }

        foreach (var (map, plane) in PlanePaths("probability", image.Id).Zip(probability.Chunk(size.PixelCount)))
        {
            PngFile.WriteMap(map, size, plane);
        }

        PngFile.WriteMap(MapPath("uncertainty", image.Id), size, InParts(uncertainty));
        if (drawn.UncertaintyParts is var (experts, models))
        {
            PngFile.WriteMap(MapPath(ExpertsName, image.Id), size, InParts(experts));
            PngFile.WriteMap(MapPath(ModelsName, image.Id), size, InParts(models));
        }

        MeasurementFile.Write(MeasurementPath(image.Id), drawn, spacing);
        ImageSheet.Write(MapPath("sheets", image.Id), _samples, [drawn]);
    }

    /// <summary>Writes contours and uncertainty over an image in its own size.</summary>
    /// <param name="drawn">What was drawn for it.</param>
    /// <param name="whole">The image as it was before the preprocessing.</param>
    /// <param name="preprocessing">What the model did to it.</param>
    /// <param name="outlines">The model's outlines; null where it has none.</param>
    public void WriteOverlays(ScoredImage drawn, ImagePixels whole, Preprocessing preprocessing, ConformalOutlines? outlines)
    {
        var (image, masks, probability, uncertainty, _, _, _) = drawn;
        var overlay = new MaskOverlay(whole, new MaskSet(image.Shape.Size, masks, null, null, _classes), probability, preprocessing, outlines);
        overlay.SavePng(MapPath("overlays", image.Id));
        overlay.SaveSvg(SvgPath(image.Id));
        new HeatMap(whole, uncertainty, image.Shape.Size, preprocessing, _classes).SavePng(MapPath("heatmaps", image.Id));
    }

    /// <summary>Writes the manifest of a shard that is done: for each image the digests of its pixels and of its files, overlays aside.</summary>
    public void WriteManifest(Shard shard, IReadOnlyList<string> ids) => _shards.WriteManifest(
        shard, [PixelsColumn, FilesColumn], ids.Select(id => (id, (IEnumerable<string>)[MeasurementFile.PixelsOf(MeasurementPath(id)), Digest(id)])));

    /// <summary>Writes <c>measurements.csv</c> and <c>manifest.csv</c>, a line an image.</summary>
    /// <exception cref="InvalidDataException">An image is missing, or its files are not those that its shard wrote.</exception>
    public void Join()
    {
        var lines = _shards.Lines();
        _shards.RequireAll(id => lines.ContainsKey(id) && IsDone(id));
        if (_shards.Images.FirstOrDefault(id => lines[id].GetValueOrDefault(FilesColumn) != Digest(id)) is { } damaged)
        {
            throw new InvalidDataException(
                $"The files of image '{damaged}' in '{_path}' are not those that its shard wrote; delete '{MeasurementPath(damaged)}', and give the command of the shard again.");
        }

        MeasurementFile.Join(MeasurementsPath, _shards.Images.Select(MeasurementPath));
        string[] columns = [ShardFolder.Image, PixelsColumn, FilesColumn];
        CsvFile.Write(ManifestPath, [columns, .. _shards.Images.Select(id => columns.Select(column => lines[id].GetValueOrDefault(column, "")))]);
    }

    /// <summary>Puts the slices of volumes together again, of each volume whose slices are all done.</summary>
    /// <returns>How many volumes are there, and how many wait for slices that another process does.</returns>
    public (int Done, int Waiting) WriteVolumes(NiftiImages slices)
    {
        Directory.CreateDirectory(Path.Combine(_path, "volumes"));
        var done = 0;
        foreach (var volume in slices.Records.GroupBy(record => record.Columns["volume"]).Where(volume => volume.All(slice => IsDone(slice.Id))))
        {
            string File(string kind) => Path.Combine(_path, "volumes", $"{volume.Key}_{kind}.nii.gz");
            for (var sample = 0; sample < _samples; sample++)
            {
                var number = sample;
                WriteMasks(string.Create(CultureInfo.InvariantCulture, $"s{sample + 1}"), id => MaskPaths(id, number));
            }

            WriteMasks("consensus", id => MaskPaths("consensus", id));
            foreach (var answer in _outlines)
            {
                WriteMasks(answer, id => PlanePaths(answer, id));
            }

            foreach (var (name, position) in PlanePaths("probability", "probability").Select((path, position) => (Path.GetFileNameWithoutExtension(path), position)))
            {
                WriteOnce(File(name), path => slices.WriteMap(
                    volume.Key, path, index => ImagePixels.Load(PlanePaths("probability", slices.Records[index].Id)[position]).ToFloats()));
            }

            foreach (var kind in (string[])["uncertainty", .. _parts])
            {
                WriteOnce(File(kind), path => slices.WriteMap(volume.Key, path, index => ImagePixels.Load(MapPath(kind, slices.Records[index].Id)).ToFloats()));
            }

            done++;

            // One file, or one for each class.
            void WriteMasks(string name, Func<string, string[]> paths)
            {
                var isOne = paths(name).Length == 1;
                foreach (var (kind, position) in isOne ? [(name, 0)] : _classes.Names.Select((own, position) => ($"{name}_{own}", position)))
                {
                    Func<int, byte[]> Reading(Func<string, byte[]> read) => index => read(paths(slices.Records[index].Id)[position]);
                    WriteOnce(File(kind), path =>
                    {
                        if (isOne && _classes.IsExclusive)
                        {
                            slices.WriteClasses(volume.Key, path, Reading(file => PngFile.ReadClasses(file, _classes)));
                        }
                        else
                        {
                            slices.WriteMask(volume.Key, path, Reading(file => ImagePixels.Load(file).Values<byte>().ToArray()));
                        }
                    });
                }
            }
        }

        return (done, slices.Volumes.Count - done);

        static void WriteOnce(string path, Action<string> write)
        {
            if (!System.IO.File.Exists(path))
            {
                write(path);
            }
        }
    }

    private static void RequireFileName(string id)
    {
        if (id.IndexOfAny(['/', '\\', ':']) >= 0)
        {
            throw new IOException($"The id '{id}' holds / \\ or :, so no file can be named after it; rename the image.");
        }
    }

    private string Digest(string id) => Convert.ToHexStringLower(SHA256.HashData([.. OwnFiles(id).SelectMany(FileDigest.Of)]));

    private static IEnumerable<string> Files(SampleFiles files) => [.. files.Masks, .. files.Consensus, .. files.Probability, files.Uncertainty];

    private IEnumerable<string> OwnFiles(string id) => Files(SampleFiles(id)).Append(MeasurementPath(id))
        .Concat(_large.Contains(id) ? [] : [.. _outlines.SelectMany(kind => PlanePaths(kind, id)), .. _parts.Select(kind => MapPath(kind, id)), MapPath("sheets", id)]);

    private IEnumerable<string> Files(string id) => OwnFiles(id)
        .Concat(_overlays && !_large.Contains(id) ? [MapPath("overlays", id), SvgPath(id), MapPath("heatmaps", id)] : []);

    private string MaskPath(string id, int sample) =>
        Path.Combine(_path, "masks", string.Create(CultureInfo.InvariantCulture, $"{id}_s{sample + 1}.png"));

    private string[] MaskPaths(string id, int sample) => OfClasses(MaskPath(id, sample), _classes.Overlap);

    private string[] MaskPaths(string kind, string id) => OfClasses(MapPath(kind, id), _classes.Overlap);

    private string[] PlanePaths(string kind, string id) => OfClasses(MapPath(kind, id), _classes.Count > 1);

    private string[] OfClasses(string path, bool isEach) =>
        isEach ? [.. _classes.Names.Select(name => Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}_{name}.png"))] : [path];

    private void WriteMask(string[] paths, ImageSize size, byte[] planes)
    {
        if (_classes.IsExclusive)
        {
            PngFile.WriteClasses(paths[0], size, new MaskSet(size, planes, null, null, _classes).ClassNumbers(), _classes);
            return;
        }

        WritePlanes(paths, size, planes);
    }

    private static void WritePlanes(string[] paths, ImageSize size, byte[] planes)
    {
        foreach (var (path, plane) in paths.Zip(planes.Chunk(size.PixelCount)))
        {
            PngFile.WriteMask(path, size, plane);
        }
    }

    // Files hold 0 to 1.
    private float[] InParts(float[] bits) => _classes.MostUncertainty == 1 ? bits : Array.ConvertAll(bits, value => (float)(value / _classes.MostUncertainty));

    private string MeasurementPath(string id) => Path.Combine(_path, "measurements", $"{id}.csv");

    private string SvgPath(string id) => Path.Combine(_path, "overlays", $"{id}.svg");

    private string MapPath(string kind, string id) => Path.Combine(_path, kind, $"{id}.png");
}
