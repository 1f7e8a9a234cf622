using System.CommandLine;
using System.Text.Json.Nodes;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using AmbiSSL.Cli.Progress;
using AmbiSSL.Torch.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl predict</c>: writes sampled masks, probability, uncertainty and a sheet of each image.</summary>
internal static class PredictCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var model = new ModelArgument();
        var data = new DataArguments();
        var samples = new SamplesArgument();
        var output = new Option<string>("--out") { Description = "Folder to write to; what is done there is skipped", HelpName = "DIR", Required = true };
        var shard = new Option<Shard>("--shard")
        {
            Description = "The part of the images to do, 0/N to N-1/N", HelpName = "i/N", CustomParser = Shard.Parse, DefaultValueFactory = _ => Shard.Whole,
        };

        var command = new Command("predict", "Draws masks for every image and writes them, their mean, its entropy and a sheet as PNG files.");
        model.AddTo(command);
        data.AddTo(command);
        samples.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(shard);
        return command.Runs((arguments, text, cancellation) =>
        {
            var context = new MLContext();
            using var trained = model.Load(arguments, context);
            var source = data.Open(arguments);
            trained.RequireShape(data.Path(arguments), source.Shape);
            var settings = new JsonObject
            {
                ["model"] = trained.Checksum(),
                ["data"] = Path.GetFullPath(data.Path(arguments)),
                ["crop"] = data.ReadOptions(arguments).Crop?.ToString(),
                ["size"] = data.ReadOptions(arguments).Resize?.ToString(),
                ["samples"] = samples.Value(arguments),
            };
            var folder = new PredictionFolder(arguments.GetRequiredValue(output), samples.Value(arguments), settings);
            int[] positions = [.. Enumerable.Range(0, source.Count).Where(arguments.GetValue(shard).Contains)];
            int[] undone = [.. positions.Where(position => !folder.IsDone(source.Records[position].Id))];
            var images = new ImageSelection(source, undone, cancellation.ThrowIfCancellationRequested);
            var scored = trained.Transform(context.AmbiguousSegmentation().Load(images), samples.Value(arguments));
            ImageDisplay.Run(Terminal.Open(text), "sampling", undone.Length, onImage => Write(trained, scored, source.Shape, folder, onImage));
            text.WriteLine($"{undone.Length} images written to {arguments.GetRequiredValue(output)}, {positions.Length - undone.Length} were there already.");
        });
    }

    private static int Write(TrainedModel model, IDataView scored, ImageShape shape, PredictionFolder folder, Action onImage)
    {
        var columns = model.Segmentation.Columns;
        string[] names = ["Id", "Image", "Annotations", columns.Masks, columns.Probability, columns.Uncertainty];
        using var cursor = scored.GetRowCursor(names.Select(name => scored.Schema[name]));
        var id = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Id"]);
        var image = Values<float>("Image");
        var annotations = Values<byte>("Annotations");
        var masks = Values<byte>(columns.Masks);
        var probability = Values<float>(columns.Probability);
        var uncertainty = Values<float>(columns.Uncertainty);
        var written = 0;
        for (; cursor.MoveNext(); written++)
        {
            ReadOnlyMemory<char> name = default;
            id(ref name);
            folder.Write(new AnnotatedImage(name.ToString(), "", shape, image(), annotations()), masks(), probability(), uncertainty());
            onImage();
        }

        return written;

        Func<T[]> Values<T>(string column)
        {
            var getter = cursor.GetGetter<VBuffer<T>>(scored.Schema[column]);
            return () =>
            {
                VBuffer<T> values = default;
                getter(ref values);
                return [.. values.DenseValues()];
            };
        }
    }
}
