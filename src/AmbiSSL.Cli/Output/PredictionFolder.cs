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
/// Images that went from file to files have masks, maps and consensus alone; their measurements hold the digest of their file and no more, and are not joined.
/// Where the images are slices of NIfTI volumes, <c>volumes</c> has <c>ID_s1.nii.gz</c> and so on, <c>ID_consensus.nii.gz</c>, of models with outlines
/// <c>ID_inner.nii.gz</c> and <c>ID_outer.nii.gz</c>, <c>ID_probability.nii.gz</c> and <c>ID_uncertainty.nii.gz</c>, and those of its parts where an ensemble drew,
/// of each volume whose slices are done.
/// </summary>
internal sealed class PredictionFolder
{
    /// <summary>What <c>run.json</c> calls the command.</summary>
    public const string Command = "predict";

    /// <summary>What <c>run.json</c> calls the number of models, where there are several.</summary>
    public const string Models = "models";

    /// <summary>What <c>run.json</c> calls the images that went from file to files, where there are some.</summary>
    public const string Large = "large";

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
    }

    /// <summary>The measurements of all images but the large ones.</summary>
    public string MeasurementsPath => Path.Combine(_path, "measurements.csv");

    /// <summary>The digests of all images and their files.</summary>
    public string ManifestPath => Path.Combine(_path, "manifest.csv");

    /// <summary>Number of images that go from file to files.</summary>
    public int LargeImages => _large.Count;

    /// <summary>Whether all images are done, and all shards have ended.</summary>
    public bool IsComplete
    {
        get
        {
            var lines = _shards.Lines();
            return _shards.Images.All(id => lines.ContainsKey(id) && IsDone(id));
        }
    }

    /// <summary>Makes the folder, or goes on in one that was begun with the same settings.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="outlines">Whether the model has outlines.</param>
    /// <param name="overlays">Whether contours and uncertainty are drawn over each image in its own size.</param>
    /// <param name="settings">What the files depend on: the number of <c>samples</c>, that of <see cref="Models"/> where there are several, and whatever else.</param>
    /// <param name="images">The ids of all images.</param>
    /// <exception cref="IOException">The folder holds predictions with other settings.</exception>
    public static PredictionFolder Begin(string path, bool outlines, bool overlays, JsonObject settings, IEnumerable<string> images)
    {
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
    /// <param name="draw">Draws it.</param>
    public void WriteLarge(ImageRecord record, string pixels, Action<SampleFiles> draw)
    {
        RequireFileName(record.Id);
        draw(SampleFiles(record.Id));
        MeasurementFile.Write(MeasurementPath(record.Id), record, pixels);
    }

    private SampleFiles SampleFiles(string id) => new(
        [.. Enumerable.Range(0, _samples).Select(sample => MaskPath(id, sample))], MapPath("consensus", id), MapPath("probability", id), MapPath("uncertainty", id));

    /// <summary>Writes the files of an image, except those over the whole image.</summary>
    /// <param name="drawn">What was drawn for it.</param>
    /// <param name="spacing">The distances of its pixels; null where nobody knows them.</param>
    public void Write(ScoredImage drawn, PixelSpacing? spacing)
    {
        var (image, masks, probability, uncertainty, consensus, outlines, _) = drawn;
        RequireFileName(image.Id);
        var size = image.Shape.Size;
        for (var sample = 0; sample < _samples; sample++)
        {
            PngFile.WriteMask(MaskPath(image.Id, sample), size, masks.AsSpan(sample * size.PixelCount, size.PixelCount));
        }

        PngFile.WriteMask(MapPath("consensus", image.Id), size, consensus);
        if (outlines is var (inner, outer))
        {
            PngFile.WriteMask(MapPath("inner", image.Id), size, inner);
            PngFile.WriteMask(MapPath("outer", image.Id), size, outer);
        }

        PngFile.WriteMap(MapPath("probability", image.Id), size, probability);
        PngFile.WriteMap(MapPath("uncertainty", image.Id), size, uncertainty);
        if (drawn.UncertaintyParts is var (experts, models))
        {
            PngFile.WriteMap(MapPath(ExpertsName, image.Id), size, experts);
            PngFile.WriteMap(MapPath(ModelsName, image.Id), size, models);
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
        var overlay = new MaskOverlay(whole, new MaskSet(image.Shape.Size, masks), probability, preprocessing, outlines);
        overlay.SavePng(MapPath("overlays", image.Id));
        overlay.SaveSvg(SvgPath(image.Id));
        new HeatMap(whole, uncertainty, image.Shape.Size, preprocessing).SavePng(MapPath("heatmaps", image.Id));
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

        if (LargeImages < _shards.Images.Count)
        {
            MeasurementFile.Join(MeasurementsPath, _shards.Images.Where(id => !_large.Contains(id)).Select(MeasurementPath));
        }

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
                WriteOnce(File(string.Create(CultureInfo.InvariantCulture, $"s{sample + 1}")), path => slices.WriteMask(
                    volume.Key, path, index => ImagePixels.Load(MaskPath(slices.Records[index].Id, number)).Values<byte>().ToArray()));
            }

            foreach (var answer in (string[])["consensus", .. _outlines])
            {
                WriteOnce(File(answer), path => slices.WriteMask(
                    volume.Key, path, index => ImagePixels.Load(MapPath(answer, slices.Records[index].Id)).Values<byte>().ToArray()));
            }

            foreach (var kind in (string[])["probability", "uncertainty", .. _parts])
            {
                WriteOnce(File(kind), path => slices.WriteMap(volume.Key, path, index => ImagePixels.Load(MapPath(kind, slices.Records[index].Id)).ToFloats()));
            }

            done++;
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

    private static IEnumerable<string> Files(SampleFiles files) => [.. files.Masks, files.Consensus, files.Probability, files.Uncertainty];

    private IEnumerable<string> OwnFiles(string id) => Files(SampleFiles(id)).Append(MeasurementPath(id))
        .Concat(_large.Contains(id) ? [] : [.. _outlines.Concat(_parts).Select(kind => MapPath(kind, id)), MapPath("sheets", id)]);

    private IEnumerable<string> Files(string id) => OwnFiles(id)
        .Concat(_overlays && !_large.Contains(id) ? [MapPath("overlays", id), SvgPath(id), MapPath("heatmaps", id)] : []);

    private string MaskPath(string id, int sample) =>
        Path.Combine(_path, "masks", string.Create(CultureInfo.InvariantCulture, $"{id}_s{sample + 1}.png"));

    private string MeasurementPath(string id) => Path.Combine(_path, "measurements", $"{id}.csv");

    private string SvgPath(string id) => Path.Combine(_path, "overlays", $"{id}.svg");

    private string MapPath(string kind, string id) => Path.Combine(_path, kind, $"{id}.png");
}
