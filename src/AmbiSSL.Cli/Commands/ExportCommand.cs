using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl export</c>: writes a model as an ONNX file.</summary>
internal static class ExportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var model = new ModelArgument();
        var output = new Option<string>("--out") { Description = "ONNX file to write", HelpName = "MODEL.onnx", Required = true };
        var samples = new Option<int?>("--samples")
        {
            Description = "Masks whose noise is put into the file, so that the image is its only input; without it the noise is an input", HelpName = "N",
        }.AtLeast(1);
        var data = new DataArguments(isRequired: false, hasSize: false, hasReaders: false, hasMasks: false);
        var int8 = new Option<bool>("--int8")
        {
            Description = "Encoders and decoders compute with integers of 8 bits, spread over the values that they give for images of "
                + "--data, at most 64 of them",
        };
        var seed = new Option<int?>("--baked-seed") { Description = "Seed of the noise in the file; without it the model's own", HelpName = "S" };

        var command = new Command("export", "Writes a model as an ONNX file, for runtimes of ONNX in any language.");
        model.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(samples);
        command.Options.Add(seed);
        command.Options.Add(int8);
        data.AddTo(command);
        return command.Runs((arguments, text, _) =>
        {
            var options = new OnnxExportOptions { BakedSamples = arguments.GetValue(samples), BakedSeed = arguments.GetValue(seed) };
            if (data.IsGiven(arguments) != arguments.GetValue(int8))
            {
                throw new UsageException(
                    data.IsGiven(arguments)
                        ? "--data is of images for 8 bits, which only --int8 asks for; give --int8 too."
                        : "--int8 needs --data: images like those that the file will see, over whose values 8 bits are spread.");
            }

            if (options is { BakedSamples: null, BakedSeed: not null })
            {
                throw new UsageException("--baked-seed is the seed of noise in the file, which only --samples puts there; give --samples too.");
            }

            using var trained = TrainedModel.LoadSingle(new MLContext(), model.Path(arguments)!);
            var path = arguments.GetRequiredValue(output);
            OutputFile.Prepare(output.Name, path, "model.onnx");
            trained.Segmentation.ExportOnnx(path, options with { Int8Images = arguments.GetValue(int8) ? trained.Open(arguments, data, text) : null });
            using var written = File.OpenRead(path);
            text.WriteLine(FormattableString.Invariant($"{path} written, {written.Length / 1e6:F1} MB."));
        });
    }
}
