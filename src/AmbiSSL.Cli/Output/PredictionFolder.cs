using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// The files of a prediction: <c>masks/ID_s1.png</c> and so on, <c>probability/ID.png</c> and <c>uncertainty/ID.png</c> of 16 bits,
/// <c>consensus/ID.png</c>, <c>sheets/ID.png</c>, <c>measurements/ID.csv</c>, and where they are wanted <c>overlays/ID.png</c>, <c>overlays/ID.svg</c> and <c>heatmaps/ID.png</c>. Each is written under a temporary
/// name first; an image is done when all of its files are there. Where the images are slices of NIfTI volumes, <c>volumes</c> has <c>ID_s1.nii.gz</c> and so on, <c>ID_consensus.nii.gz</c>,
/// <c>ID_probability.nii.gz</c> and <c>ID_uncertainty.nii.gz</c> of each volume whose slices are done.
/// </summary>
internal sealed class PredictionFolder
{
    private const string SettingsName = "predictions.json";

    private readonly string _path;
    private readonly int _samples;
    private readonly bool _overlays;

    /// <summary>Makes the folder, or goes on in one that was begun with the same settings.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="samples">Masks of each image.</param>
    /// <param name="overlays">Whether contours and uncertainty are drawn over each image in its own size.</param>
    /// <param name="settings">What the files depend on.</param>
    /// <exception cref="IOException">The folder holds predictions with other settings.</exception>
    public PredictionFolder(string path, int samples, bool overlays, JsonObject settings)
    {
        (_path, _samples, _overlays) = (path, samples, overlays);
        foreach (var name in (string[])["masks", "consensus", "probability", "uncertainty", "sheets", "measurements", .. overlays ? (string[])["overlays", "heatmaps"] : []])
        {
            Directory.CreateDirectory(Path.Combine(path, name));
        }

        var settingsPath = Path.Combine(path, SettingsName);
        if (!File.Exists(settingsPath))
        {
            JsonFile.Write(settingsPath, settings);
        }
        else if (!Holds(settingsPath, settings))
        {
            throw new IOException(
                $"'{path}' holds predictions of another model, data set or number of samples, as {SettingsName} in it says; choose another folder.");
        }
    }

    /// <summary>Whether all files of an image are there.</summary>
    public bool IsDone(string id) => Files(id).All(File.Exists);

    /// <summary>Writes the files of an image, except those over the whole image.</summary>
    /// <param name="drawn">What was drawn for it.</param>
    /// <param name="spacing">The distances of its pixels; null where nobody knows them.</param>
    public void Write(ScoredImage drawn, PixelSpacing? spacing)
    {
        var (image, masks, probability, uncertainty, consensus) = drawn;
        if (image.Id.IndexOfAny(['/', '\\', ':']) >= 0)
        {
            throw new IOException($"The id '{image.Id}' holds / \\ or :, so no file can be named after it; rename the image.");
        }

        var size = image.Shape.Size;
        for (var sample = 0; sample < _samples; sample++)
        {
            PngFile.WriteMask(MaskPath(image.Id, sample), size, masks.AsSpan(sample * size.PixelCount, size.PixelCount));
        }

        PngFile.WriteMask(MapPath("consensus", image.Id), size, consensus);
        PngFile.WriteMap(MapPath("probability", image.Id), size, probability);
        PngFile.WriteMap(MapPath("uncertainty", image.Id), size, uncertainty);
        MeasurementFile.Write(MeasurementPath(image.Id), drawn, spacing);
        ImageSheet.Write(MapPath("sheets", image.Id), _samples, [drawn]);
    }

    /// <summary>Writes contours and uncertainty over an image in its own size.</summary>
    /// <param name="drawn">What was drawn for it.</param>
    /// <param name="whole">The image as it was before the preprocessing.</param>
    /// <param name="preprocessing">What the model did to it.</param>
    public void WriteOverlays(ScoredImage drawn, ImagePixels whole, Preprocessing preprocessing)
    {
        var (image, masks, probability, uncertainty, _) = drawn;
        var overlay = new MaskOverlay(whole, new MaskSet(image.Shape.Size, masks), probability, preprocessing);
        overlay.SavePng(MapPath("overlays", image.Id));
        overlay.SaveSvg(SvgPath(image.Id));
        new HeatMap(whole, uncertainty, image.Shape.Size, preprocessing).SavePng(MapPath("heatmaps", image.Id));
    }

    /// <summary>Writes <c>measurements.csv</c>, a line an image, once all images are done.</summary>
    /// <returns>Whether they are.</returns>
    public bool WriteMeasurements(IReadOnlyList<ImageRecord> records)
    {
        var isComplete = records.All(record => IsDone(record.Id));
        if (isComplete)
        {
            MeasurementFile.Join(Path.Combine(_path, "measurements.csv"), records.Select(record => MeasurementPath(record.Id)));
        }

        return isComplete;
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

            WriteOnce(File("consensus"), path => slices.WriteMask(
                volume.Key, path, index => ImagePixels.Load(MapPath("consensus", slices.Records[index].Id)).Values<byte>().ToArray()));
            foreach (var kind in (string[])["probability", "uncertainty"])
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

    private static bool Holds(string path, JsonObject settings)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(path)), settings);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new IOException($"'{path}' is damaged, so that nobody knows what the predictions beside it are of; choose another folder.", exception);
        }
    }

    private IEnumerable<string> Files(string id) => Enumerable.Range(0, _samples).Select(sample => MaskPath(id, sample))
        .Concat([MapPath("consensus", id), MapPath("probability", id), MapPath("uncertainty", id), MapPath("sheets", id), MeasurementPath(id)])
        .Concat(_overlays ? [MapPath("overlays", id), SvgPath(id), MapPath("heatmaps", id)] : []);

    private string MaskPath(string id, int sample) =>
        Path.Combine(_path, "masks", string.Create(CultureInfo.InvariantCulture, $"{id}_s{sample + 1}.png"));

    private string MeasurementPath(string id) => Path.Combine(_path, "measurements", $"{id}.csv");

    private string SvgPath(string id) => Path.Combine(_path, "overlays", $"{id}.svg");

    private string MapPath(string kind, string id) => Path.Combine(_path, kind, $"{id}.png");
}
