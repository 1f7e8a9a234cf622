using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class TrainCommandTests : CliFixture
{
    [Test]
    public void A_training_starts_from_a_model_of_the_same_networks_or_says_that_they_are_others()
    {
        string[] train = ["train", "--data", Data, "--seed", "7", "--from", Model, "--out", At("next.zip"), .. TinyModel];

        Tool.Succeed(train);
        var refused = Tool.Run([.. train.Select(argument => argument == "4,8" ? "4,6" : argument)]);

        Assert.That(File.Exists(At("next.zip")), Is.True);
        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(refused.Error, Does.Contain("The model to start from has networks of another size than the options: "));
    }

    [Test]
    public void The_file_is_an_ordinary_model_file_with_the_options_that_were_given()
    {
        var loaded = new MLContext().Model.Load(Model, out var schema);
        using var model = loaded as AmbiguousSegmentationTransformer
            ?? (AmbiguousSegmentationTransformer)((TransformerChain<ITransformer>)loaded).Single();

        var options = (AmbiSSLOptions)model.Options;
        Assert.Multiple(() =>
        {
            Assert.That(((UNetBackbone)options.Backbone).Filters, Is.EqualTo([4, 8]));
            Assert.That((options.Epochs, options.Training.BatchSize, options.Seed, options.PruneFromBlock, options.WarmUpEpochs), Is.EqualTo((1, 4, 7, 0, 0)));
            Assert.That(options.Training.LearningRate, Is.EqualTo(new TrainingOptions().LearningRate), "absent arguments have the method's default");
            Assert.That(model.Shape, Is.EqualTo(new ImageShape(1, 16, 24)));
            Assert.That(schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 1, 16, 24)));
        });
    }

    [Test]
    public void Masks_whose_foreground_has_another_value_than_was_said_are_refused_and_no_model_is_written()
    {
        var run = Tool.Run(["train", "--data", Data, "--foreground", "254", "--crop", "8x8", "--out", At("model.zip"), .. TinyModel]);
        var other = Tool.Run(["train", "--data", Data, "--ignore-values", "255", "--crop", "8x8", "--out", At("model.zip"), .. TinyModel]);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Match("255 .* and foreground is to be 254, so that it would have none"));
        Assert.That(other.Error, Does.StartWith("Column 'Annotations': none of the 48 masks of 16 annotated training images has a pixel of foreground after "
            + "the crop to 8x8, "));
        Assert.That(File.Exists(At("model.zip")), Is.False);
    }

    [Test]
    public void Foreground_beside_classes_is_refused_in_a_sentence() => Assert.That(
        Tool.Run("check", "--data", Data, "--foreground", "1", "--classes", "core=1,rim=2").Error.Trim(),
        Is.EqualTo(
            "ForegroundValues (--foreground) is '1', and Classes (--classes), 'core=1,rim=2', says already which values are of which class; leave "
            + "ForegroundValues out, and name values that do not count alone, as in Unmistakable.Ignoring(255) (--ignore-values 255)."));

    [Test]
    public void A_model_keeps_the_precision_that_was_given()
    {
        Tool.Succeed(["train", "--data", Data, "--precision", "bfloat16", "--out", At("model.zip"), .. TinyModel]);

        Assert.That(Tool.Succeed("info", "--model", At("model.zip")), Does.Match(@"Precision\W+BFloat16"));
    }

    [Test]
    public void Output_that_is_no_terminal_gets_a_line_of_what_is_trained_and_one_of_the_last_epoch()
    {
        var output = Tool.Succeed(["train", "--data", Data, "--labeled", "0.5", "--fold", "1", "--out", At("new", "model.zip"), .. TinyModel]);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(3));
            Assert.That(
                lines[0],
                Is.EqualTo("Training ambissl on 12 images of 3 subjects, 1x16x24: 8 labeled, 4 unlabeled; 4 images of 1 subjects held out"));
            Assert.That(lines[1], Does.Match(@"^epoch 1 of 1: total \d+\.\d{4}, .*dice_theta .*; \d+\.\d images/s, 0:00:00 left$"));
            Assert.That(lines[2], Does.Match(@"^Trained [\d,]+ parameters in 0:\d\d:\d\d: .*model\.zip$"));
            Assert.That(
                Directory.GetFiles(At("new")), Is.EquivalentTo([At("new", "model.zip"), At("new", "model.epochs.csv")]), "no temporary file stays");
        });
    }

    [Test]
    public void A_run_with_a_checkpoint_that_is_given_again_returns_the_trained_model()
    {
        string Train(string model, params string[] more)
        {
            string[] arguments = ["train", "--data", Data, "--checkpoint", At("state"), "--out", At(model), .. TinyModel, .. more];
            return Tool.Succeed(arguments);
        }

        Assert.That(Train("first.zip"), Does.Contain("epoch 1 of 1"));
        Assert.That(Train("second.zip"), Does.Not.Contain("epoch 1 of 1"), "nothing is trained twice");
        Assert.That(File.ReadAllBytes(At("state", "checkpoint.safetensors")), Is.Not.Empty);
        var other = Tool.Run(["train", "--data", Data, "--checkpoint", At("state"), "--out", At("third.zip"), .. TinyModel, "--set", "Beta=0.25"]);
        Assert.That(other.ExitCode, Is.EqualTo(1));
        Assert.That(other.Error, Does.Contain("Beta"));
    }

    [Test]
    public void Validation_takes_labeled_subjects_out_of_the_training_and_stops_it_early()
    {
        var output = Tool.Succeed(
        [
            "train", "--data", Data, "--validation", "0.3", "--learning-rate", "1e-9", "--out", At("model.zip"), .. TinyModel,
            "EarlyStoppingPatience=1", "Epochs=40",
        ]);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Multiple(() =>
        {
            Assert.That(
                lines[0],
                Is.EqualTo("Training ambissl on 12 images of 3 subjects, 1x16x24: 12 labeled, 0 unlabeled; 4 images of 1 subjects to validate on"));
            Assert.That(lines[1], Does.StartWith("epoch 1 of 40: total ").And.Contains("; validation GED "));
            Assert.That(output, Does.Not.Contain("epoch 40 of 40"));
            Assert.That(File.ReadLines(At("model.epochs.csv")).First(), Does.StartWith("epoch,total,").And.Contains(",imagesPerSecond,validation.ged,"));
            Assert.That(lines[^2], Does.Match(@"^Kept the weights after epoch [1-9]\d?, which had the lowest GED on the validation images\.$"));
        });
    }

    [Test]
    public void One_labeled_subject_is_too_few_to_validate()
    {
        var run = Tool.Run(["train", "--data", Data, "--labeled", "0.1", "--validation", "0.5", "--out", At("model.zip"), .. TinyModel]);

        Assert.That((run.ExitCode, run.Error.TrimEnd()), Is.EqualTo((
            2,
            "--validation 0.5: of the subjects whose annotations are used, 1 have any; at least two must, one to learn from and one to validate on.")));
    }

    [Test]
    public void TensorBoard_gets_an_event_file()
    {
        Tool.Succeed(["train", "--data", Data, "--tensorboard", At("board"), "--out", At("model.zip"), .. TinyModel]);

        Assert.That(Directory.GetFiles(At("board"), "*tfevents*", SearchOption.AllDirectories), Has.Length.EqualTo(1));
    }

    [Test]
    public void Images_of_the_held_out_fold_are_never_read()
    {
        var data = At("data");
        Tool.Succeed("synth", "--out", data, "--images", "16", "--annotators", "2", "--size", "16x16", "--seed", "5");
        var folds = SubjectSplit.Folds(ImageSources.Open(data).Records, 4, seed: 7);
        var first = ImageSources.Open(data).Records[0].Subject;
        var heldOut = folds.First(pair => pair.Key != first);
        foreach (var record in ImageSources.Open(data).Records.Where(record => record.Subject == heldOut.Key))
        {
            record.MaskPaths.Append(record.ImagePath!).ToList().ForEach(path => File.WriteAllText(path, "no picture"));
        }

        string[] Train(int fold) => ["train", "--data", data, "--fold", $"{fold}", "--seed", "7", "--out", At("model.zip"), .. TinyModel];
        Assert.That(Tool.Run(Train(heldOut.Value)).ExitCode, Is.Zero);
        var other = Tool.Run(Train(folds[first]));
        Assert.That(other.ExitCode, Is.EqualTo(1));
        Assert.That(other.Error, Does.Contain("cannot be read").And.Contain(data));
    }

    [Test]
    public void A_seed_gives_the_same_model_again()
    {
        string Checksum(string name, int seed)
        {
            Tool.Succeed(["train", "--data", Data, "--seed", $"{seed}", "--out", At(name), .. TinyModel]);
            return Tool.Succeed("info", "--model", At(name)).Split('\n').Single(line => line.StartsWith("checksum", StringComparison.Ordinal));
        }

        var first = Checksum("a.zip", 3);
        Assert.That(Checksum("b.zip", 3), Is.EqualTo(first));
        Assert.That(Checksum("c.zip", 4), Is.Not.EqualTo(first));
    }

    [TestCase("--crop", "crop")]
    [TestCase("--size", "resize")]
    public void A_model_cuts_or_scales_images_as_those_that_it_was_trained_on(string argument, string word)
    {
        Tool.Succeed(["train", "--data", Data, argument, "8x16", "--out", At("model.zip"), .. TinyModel]);
        ImageFolder.Save(ImageSources.Open(Data, new Preprocessing { Crop = new ImageSize(8, 16) }), At("cropped"));

        Assert.That(
            Tool.Succeed("info", "--model", At("model.zip")),
            Does.Contain("1x8x16 (channels x height x width)").And.Match($"preprocessing +{word} 8x16\n"));
        var figures = Tool.Succeed("evaluate", "--model", At("model.zip"), "--data", Data, "--samples", "2");
        var prepared = Tool.Succeed("evaluate", "--model", At("model.zip"), "--data", At("cropped"), "--samples", "2");
        Assert.That(figures, Does.Contain("GED"));
        Assert.That(figures == prepared, Is.EqualTo(word == "crop"), "the same images where they are cropped, others where they are scaled");
    }

    [Test]
    public void Images_smaller_than_the_crop_are_refused()
    {
        Tool.Succeed(["train", "--data", Data, "--crop", "16x16", "--out", At("model.zip"), .. TinyModel]);
        ImageFolder.Save(ImageSources.Open(Data, new Preprocessing { Crop = new ImageSize(8, 16) }), At("small"));

        var run = Tool.Run("predict", "--model", At("model.zip"), "--data", At("small"), "--out", At("out"));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Is.EqualTo(
            $"Image '{At("small", "images", "synthetic_00000.png")}' is 8x16 pixels (height x width), smaller than the crop 16x16; leave it out, or "
            + $"train on a smaller Crop or with Resize.{Environment.NewLine}"));
    }

    [Test]
    public void Images_of_another_size_are_refused_by_a_model_that_neither_crops_nor_scales()
    {
        ImageFolder.Save(ImageSources.Open(Data, new Preprocessing { Crop = new ImageSize(8, 16) }), At("small"));

        var run = Tool.Run("evaluate", "--model", Model, "--data", At("small"));

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Is.EqualTo(
            $"The images of '{At("small")}' are 1x8x16, the model '{Model}' takes 1x16x24; it was trained without --crop and --size: give images "
            + $"of its size, or train again with one of them.{Environment.NewLine}"));
    }

    [Test]
    public void A_canceled_training_leaves_no_model()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        var path = At("model.zip");
        using var output = new StringWriter();

        var parsed = AmbiSSL.Cli.Commands.TrainCommand.Create().Parse(["--data", Data, "--out", path, .. TinyModel]);
        var configuration = new System.CommandLine.InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false };

        Assert.That(async () => await parsed.InvokeAsync(configuration, canceled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.EnumerateFileSystemEntries(Folder), Is.Empty);
    }
}
