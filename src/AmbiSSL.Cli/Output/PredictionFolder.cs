using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// The files of a prediction (<see cref="PredictionLayout"/>). Each is written under a temporary name first; an image is done when all of its files are
/// there. <c>measurements.csv</c> and <c>manifest.csv</c> have a line an image once all are done. Of several classes, the uncertainty is in parts of its
/// largest value, and <c>classes.csv</c> has number, name and color of each.
/// </summary>
internal sealed class PredictionFolder
{
    /// <summary>What <c>run.json</c> calls the command.</summary>
    public const string Command = "predict";

    /// <summary>What <c>run.json</c> calls the number of models, where there are several.</summary>
    public const string Models = "models";

    /// <summary>What <c>run.json</c> calls the images that went from file to files, where there are some.</summary>
    public const string Large = "large";

    private const string FilesColumn = "files";
    private const string PixelsColumn = "pixels";

    private readonly ShardFolder _shards;
    private readonly string _path;
    private readonly MaskClasses _classes;

    /// <summary>A folder that was begun. Outlines and overlays belong to it where there are any.</summary>
    public PredictionFolder(ShardFolder shards)
        : this(shards, Directory.Exists(Path.Combine(shards.Path, "inner")), Directory.Exists(Path.Combine(shards.Path, "overlays")))
    {
    }

    private PredictionFolder(ShardFolder shards, bool outlines, bool overlays)
    {
        (_shards, _path, Layout) = (shards, shards.Path, new PredictionLayout(shards, outlines, overlays));
        _classes = Layout.Classes;
    }

    /// <summary>Which files there are.</summary>
    public PredictionLayout Layout { get; }

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

    /// <summary>Makes the folder, or goes on in one that was begun with the same settings.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="outlines">Whether the model has outlines.</param>
    /// <param name="overlays">Whether contours and uncertainty are drawn over each image in its own size.</param>
    /// <param name="settings">
    /// What the files depend on: the number of <c>samples</c>, that of <see cref="Models"/> where there are several, and whatever else.
    /// </param>
    /// <param name="images">The ids of all images.</param>
    /// <exception cref="IOException">The folder holds predictions with other settings, or files would have one name.</exception>
    public static PredictionFolder Begin(string path, bool outlines, bool overlays, JsonObject settings, IReadOnlyCollection<string> images)
    {
        var names = ClassesSetting.Of(settings).Names;
        if (names.FirstOrDefault(name => !FileName.Allows(name)) is { } unusable)
        {
            throw new IOException($"The class '{unusable}' has / \\ or : in its name, so no file can be named after it; train with another name.");
        }

        var files = from id in images from name in names select (Id: id, Class: name, File: $"{id}_{name}.png");
        if (files.GroupBy(file => file.File).FirstOrDefault(same => same.Count() > 1)?.ToArray() is [var first, var second, ..])
        {
            throw new IOException(
                $"Class '{first.Class}' of image '{first.Id}' and class '{second.Class}' of image '{second.Id}' would both be "
                + $"written to '{first.File}'; rename one of the images.");
        }

        var folder = new PredictionFolder(ShardFolder.Begin(path, settings, images), outlines, overlays);
        foreach (var name in folder.Layout.Kinds)
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
    public bool IsDone(string id) => Layout.IsDone(id);

    /// <summary>Requires of an image that is done that it was drawn from these pixels.</summary>
    /// <returns>True.</returns>
    /// <exception cref="IOException">It was drawn from others.</exception>
    public bool RequirePixels(string id, string pixels) => MeasurementFile.PixelsOf(Layout.MeasurementPath(id)) == pixels
        ? true
        : throw new IOException($"'{_path}' holds predictions of another image '{id}' than the one that is read now; choose another folder.");

    /// <summary>Draws an image from its file to the files of its masks and maps.</summary>
    /// <param name="record">The image.</param>
    /// <param name="pixels">The digest of its file.</param>
    /// <param name="draw">Draws it, and measures what it drew.</param>
    public void WriteLarge(ImageRecord record, string pixels, Func<SampleFiles, SampleMeasurements> draw)
    {
        RequireFileName(record.Id);
        MeasurementFile.Write(Layout.MeasurementPath(record.Id), record, pixels, _classes, draw(Layout.SampleFiles(record.Id)));
    }

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
            WriteMask(Layout.MaskPaths(image.Id, sample), size, mask);
        }

        WriteMask(Layout.MaskPaths("consensus", image.Id), size, consensus);
        if (outlines is var (inner, outer))
        {
            WritePlanes(Layout.PlanePaths("inner", image.Id), size, inner);
            WritePlanes(Layout.PlanePaths("outer", image.Id), size, outer);
        }

        foreach (var (map, plane) in Layout.PlanePaths("probability", image.Id).Zip(probability.Chunk(size.PixelCount)))
        {
            PngFile.WriteMap(map, size, plane);
        }

        PngFile.WriteMap(Layout.MapPath("uncertainty", image.Id), size, InParts(uncertainty));
        if (drawn.UncertaintyParts is var (experts, models))
        {
            PngFile.WriteMap(Layout.MapPath(PredictionLayout.Experts, image.Id), size, InParts(experts));
            PngFile.WriteMap(Layout.MapPath(PredictionLayout.Models, image.Id), size, InParts(models));
        }

        MeasurementFile.Write(Layout.MeasurementPath(image.Id), drawn, spacing);
        ImageSheet.Write(Layout.MapPath("sheets", image.Id), Layout.Samples, [drawn]);
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
        overlay.SavePng(Layout.MapPath("overlays", image.Id));
        overlay.SaveSvg(Layout.SvgPath(image.Id));
        new HeatMap(whole, uncertainty, image.Shape.Size, preprocessing, _classes).SavePng(Layout.MapPath("heatmaps", image.Id));
    }

    /// <summary>Writes the manifest of a shard that is done: for each image the digests of its pixels and of its files, overlays aside.</summary>
    public void WriteManifest(Shard shard, IReadOnlyList<string> ids) => _shards.WriteManifest(
        shard, [PixelsColumn, FilesColumn], ids.Select(id => (id, (IEnumerable<string>)[MeasurementFile.PixelsOf(Layout.MeasurementPath(id)), Digest(id)])));

    /// <summary>Writes <c>measurements.csv</c> and <c>manifest.csv</c>, a line an image.</summary>
    /// <exception cref="InvalidDataException">An image is missing, or its files are not those that its shard wrote.</exception>
    public void Join()
    {
        var lines = _shards.Lines();
        _shards.RequireAll(id => lines.ContainsKey(id) && IsDone(id));
        if (_shards.Images.FirstOrDefault(id => lines[id].GetValueOrDefault(FilesColumn) != Digest(id)) is { } damaged)
        {
            throw new InvalidDataException(
                $"The files of image '{damaged}' in '{_path}' are not those that its shard wrote; delete '{Layout.MeasurementPath(damaged)}', "
                + "and give the command of the shard again.");
        }

        MeasurementFile.Join(MeasurementsPath, _shards.Images.Select(Layout.MeasurementPath));
        string[] columns = [ShardFolder.Image, PixelsColumn, FilesColumn];
        CsvFile.Write(ManifestPath, [columns, .. _shards.Images.Select(id => columns.Select(column => lines[id].GetValueOrDefault(column, "")))]);
    }

    private static void RequireFileName(string id)
    {
        if (!FileName.Allows(id))
        {
            throw new IOException($"The id '{id}' holds / \\ or :, so no file can be named after it; rename the image.");
        }
    }

    private string Digest(string id) => Convert.ToHexStringLower(SHA256.HashData([.. Layout.OwnFiles(id).SelectMany(FileDigest.Of)]));

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
}
