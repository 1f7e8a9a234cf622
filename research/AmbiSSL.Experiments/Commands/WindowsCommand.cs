using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Commands;
using AmbiSSL.Experiments.Windows;

namespace AmbiSSL.Experiments.Commands;

/// <summary><c>windows</c>: trains on crops of large synthetic images and says what is drawn on others through windows.</summary>
internal static class WindowsCommand
{
    private const int TestSeed = 77;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            Description = "The trained model; one that is there is not trained again", HelpName = "MODEL.safetensors", Required = true,
        };
        var images = new Option<int>("--images") { Description = "Images of 2000x2000 pixels to train on", DefaultValueFactory = _ => 8 }.AtLeast(1);
        var tests = new Option<int>("--test") { Description = "Other images to draw", DefaultValueFactory = _ => 2 }.AtLeast(1);
        var epochs = new Option<int>("--epochs")
        {
            Description = "Passes over the images, each as many crops of 128x128 pixels as cover them", DefaultValueFactory = _ => 4,
        }.AtLeast(1);
        var device = new DeviceArgument();
        var command = new Command(
            "windows",
            "Trains AmbiSSL's labeled half on crops of large synthetic images of independent lesions, "
            + "and for several code distances prints the GED of each lesion in its image and cut out, the correlation of the areas of two lesions, and the "
            + "jump of the probability at the borders of windows and beside them.");
        foreach (var option in (Option[])[output, images, tests, epochs])
        {
            command.Options.Add(option);
        }

        device.AddTo(command);
        return command.Runs((arguments, text, cancellation) =>
        {
            var path = arguments.GetRequiredValue(output);
            if (!File.Exists(path))
            {
                using var trained = Train(arguments.GetValue(images), arguments.GetValue(epochs), new RunOptions
                {
                    Device = device.Value(arguments), CancellationToken = cancellation,
                });
                trained.Save(path);
            }

            using var model = SegmentationModel.Load(path, device.Value(arguments));
            var slides = new SyntheticSlides(new SyntheticSlideOptions { Images = arguments.GetValue(tests), Seed = TestSeed });
            text.WriteLine("| code distance | GED in the image | cut out | correlation | of neighbors | jump at borders | beside |");
            text.WriteLine("|---|---|---|---|---|---|---|");
            foreach (var distance in (double?[])[1, 2, 4, null])
            {
                var scores = new SlideScores();
                for (var index = 0; index < slides.Count; index++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    scores.Add(model.WithCodeDistance(distance), slides, index);
                }

                text.WriteLine(
                    FormattableString.Invariant($"| {distance?.ToString() ?? "one noise"} | {scores.Whole:F4} | {scores.Cut:F4} | {scores.Correlation:F3} | ")
                    + FormattableString.Invariant($"{scores.NeighborCorrelation:F3} | {scores.JumpAtBorders:E2} | {scores.JumpBeside:E2} |"));
            }
        });
    }

    private static SegmentationModel Train(int images, int epochs, RunOptions run)
    {
        var slides = new SyntheticSlides(new SyntheticSlideOptions { Images = images });
        using var cache = new ImageCache(slides.Format);
        for (var index = 0; index < slides.Count; index++)
        {
            var image = slides.Read(index);
            cache.Add(image.Pixels, image.Annotations);
        }

        var options = new SupervisedOptions
        {
            Backbone = new UNetBackbone { Filters = [16, 32, 64, 128] },
            Epochs = epochs,
            Seed = 1,
            Training = new TrainingOptions { Windows = new WindowOptions { Size = new ImageSize(SyntheticSlides.FieldSide, SyntheticSlides.FieldSide) } },
        };
        return SegmentationTrainer.Fit(cache, options, run);
    }
}
