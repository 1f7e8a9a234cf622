using System.CommandLine;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary>
/// <c>ambissl predict</c>: writes sampled masks, probability, uncertainty, measurements and a sheet of each image, and volumes of those of slices.
/// </summary>
internal static class PredictCommand
{
    private const int Shown = 10;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var scoring = new ScoringArguments();
        var data = new DataArguments(hasSize: false, hasReaders: false, hasMasks: false);
        var output = new Option<string>("--out") { Description = "Folder to write to; what is done there is skipped", HelpName = "DIR", Required = true };
        var shard = Shard.Option();
        var overlays = new Option<bool>("--overlays")
        {
            Description = "Write contours (PNG and SVG) and uncertainty over each image in its own size too",
        };

        var command = new Command(
            "predict", "Draws masks for every image and writes them, their mean, its entropy and a sheet as PNG files, and what they measure as CSV.");
        scoring.AddTo(command);
        data.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(shard);
        command.Options.Add(overlays);
        return command.Runs((arguments, text, cancellation) =>
        {
            var context = new MLContext();
            var console = Terminal.Open(text).WithWarningsOf(context);
            using var trained = scoring.Load(arguments, context);
            var source = trained.Open(arguments, data, text);
            var (path, part) = (arguments.GetRequiredValue(output), arguments.GetValue(shard) ?? Shard.Whole);
            var settings = new JsonObject { ["command"] = PredictionFolder.Command, ["model"] = trained.Digest(), ["samples"] = trained.Samples };
            if (trained.Pool is { Models.Count: var models })
            {
                settings[PredictionFolder.Models] = models;
            }

            ClassesSetting.Add(settings, trained.Classes);
            if (data.Reading(arguments).SliceAxis is { } axis)
            {
                settings["sliceAxis"] = axis;
            }

            // Images too large for a row of a data view go from file to files.
            var large = LargeImages(trained.Segmentation, source, data.Reading(arguments)).ToHashSet();
            if (large.Count > 0)
            {
                settings[PredictionFolder.Large] = new JsonArray([.. large.Order().Select(position => JsonValue.Create(source.Records[position].Id))]);
            }

            var folder = PredictionFolder.Begin(
                path, trained.HasOutlines, arguments.GetValue(overlays), settings, [.. source.Records.Select(record => record.Id)]);
            int[] positions = [.. Enumerable.Range(0, source.Count).Where(part.Contains)];
            var undone = positions.Where(position => !IsDone(position)).ToLookup(large.Contains);
            foreach (var record in undone[true].Select(position => source.Records[position]))
            {
                folder.WriteLarge(record, PixelsOf(record), files => trained.Segmentation.Model.SampleToFiles(
                    record.ImagePath!, files, data.Reading(arguments), new RowProgress(text, record.Id), cancellation));
            }

            int[] usual = [.. undone[false]];
            var images = new ImageSelection(source, usual, cancellation.ThrowIfCancellationRequested);
            var unlike = new List<string>();
            ImageDisplay.Run(console, "sampling", usual.Length, onImage =>
            {
                foreach (var (drawn, record) in ScoredImage.Read(trained, images).Zip(images.Records))
                {
                    folder.Write(drawn, record.Spacing);
                    if (drawn.Unlikeness > 1)
                    {
                        unlike.Add(record.Id);
                    }

                    if (arguments.GetValue(overlays))
                    {
                        // An image that is no file of its own is shown as the model saw it.
                        var (whole, preprocessing) = record.ImagePath is { } file
                            ? (ImagePixels.Load(file, data.Reading(arguments)), source.Format.Preprocessing)
                            : (drawn.Image.Pixels, Preprocessing.None);
                        folder.WriteOverlays(drawn, whole, preprocessing, trained.HasOutlines ? trained.Segmentation.Model.Outlines : null);
                    }

                    onImage();
                }

                return usual.Length;
            });
            folder.WriteManifest(part, [.. positions.Select(position => source.Records[position].Id)]);
            var written = undone.Sum(kind => kind.Count());
            text.WriteLine($"{written} images written to {path}, {positions.Length - written} were there already.");
            if (large.Count > 0)
            {
                text.WriteLine($"{large.Count} images are so large that they have masks, maps and measurements alone: no sheet, no overlay and no outline.");
            }

            if (unlike.Count > 0)
            {
                text.WriteLine(
                    $"{unlike.Count} of these are unlike the training images: {string.Join(", ", unlike.Take(Shown))}{(unlike.Count > Shown ? ", …" : "")}.");
            }

            if (folder.IsComplete)
            {
                folder.Join();
                text.WriteLine($"Areas, diameters and uncertainty of all {source.Count} images in {folder.MeasurementsPath}.");
            }
            else
            {
                text.WriteLine("measurements.csv waits for images of other shards.");
            }

            if ((source is StackedSlices stacked ? stacked.Slices : source) is NiftiImages slices)
            {
                var volumes = new PredictedVolumes(folder.Layout, slices);
                var (done, waiting) = volumes.Write();
                text.WriteLine($"{done} volumes in {volumes.Folder}, {waiting} wait for slices of other shards.");
            }

            bool IsDone(int position)
            {
                cancellation.ThrowIfCancellationRequested();
                var record = source.Records[position];
                return folder.IsDone(record.Id) && folder.RequirePixels(
                    record.Id, large.Contains(position) ? PixelsOf(record) : PixelDigest.Of(source.Read(position).Pixels, source.Format.Source));
            }

            static string PixelsOf(ImageRecord record) => Convert.ToHexStringLower(FileDigest.Of(record.ImagePath!));
        });
    }

    /// <summary>The positions of images whose masks take more memory than a row of a data view may: they are drawn row by row, from file to files.</summary>
    private static IEnumerable<int> LargeImages(AmbiguousSegmentationTransformer model, ImageSource source, ReadingOptions reading) =>
        model.Model.Images.Shape.IsAnySize && source is not (NiftiImages or StackedSlices)
            ? Enumerable.Range(0, source.Count).Where(position => source.Records[position] is { ImagePath: { } path, ChannelPaths.Count: 0 }
                && !model.FitsRow(ImagePixels.ReadShape(path, reading).Size))
            : [];
}
