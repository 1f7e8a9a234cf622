using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Runs that were interrupted end as if they had not been.</summary>
internal sealed class ContinuedRunTests : FolderFixture
{
    private static AmbiSSLOptions Options => TinyData.Options;

    private RunOptions Run => new() { CheckpointDirectory = Folder.Path };

    private string File => Path.Combine(Folder.Path, RunCheckpoint.FileName);

    [Test]
    public void A_run_canceled_inside_and_after_every_epoch_ends_with_the_same_bits()
    {
        var (result, interruptions) = TinyRun.TrainInPieces(Options, Run);

        result.AssertEquals(TinyRun.Train(Options));
        Assert.That(interruptions, Is.EqualTo((2 * Options.Epochs) - 1), "a report inside and one after each epoch; after the last it is too late");
    }

    [Test]
    public void With_a_validation_set_too()
    {
        var (result, interruptions) = TinyRun.TrainInPieces(Options, Run, TinyRun.Validation);

        result.AssertEquals(TinyRun.Train(Options, null, TinyRun.Validation));
        Assert.That(interruptions, Is.EqualTo((2 * Options.Epochs) - 1));
    }

    [Test]
    public void A_run_stopped_while_it_was_validated_ends_with_the_same_bits()
    {
        var validation = TinyData.Images(TinyData.Shape, count: 60);
        var options = Options with { Samples = 1, Epochs = 3 };
        var run = Run with { CheckpointInterval = TimeSpan.Zero };
        byte[]? copy = null;
        using var ended = new CancellationTokenSource();
        var watcher = Task.Run(() =>
        {
            while (!ended.IsCancellationRequested && copy is null)
            {
                copy = CopyOfStep(12);
            }
        });
        var expected = TinyRun.Train(options, run, validation);
        ended.Cancel();
        watcher.Wait();

        Assert.That(copy, Is.Not.Null, "the state was written between validation images");
        System.IO.File.WriteAllBytes(File, copy!);
        TinyRun.Train(options, run, validation).AssertEquals(expected);
    }

    [TestCase(600, 0)]
    [TestCase(0, 9)]
    public void A_run_that_broke_off_goes_on_from_the_last_state_that_was_written(int intervalSeconds, int expectedStep)
    {
        var run = Run with { CheckpointInterval = TimeSpan.FromSeconds(intervalSeconds) };
        var breaking = new Reporter(p => _ = (p.Epoch, p.Step) == (3, 10) ? throw new TimeoutException() : 0);

        Assert.That(() => TinyRun.Train(Options, run with { Progress = breaking }), Throws.InstanceOf<TimeoutException>());

        using (NewDisposeScope())
        {
            var (_, texts) = CheckpointFile.Read(File);
            Assert.That((texts["epoch"], texts["step"]), Is.EqualTo(("2", $"{expectedStep}")));
        }

        TinyRun.Train(Options, run).AssertEquals(TinyRun.Train(Options));
    }

    [Test]
    public void Progress_counts_on_with_the_same_means()
    {
        var expected = new Dictionary<(int, int), double>();
        TinyRun.Train(Options, new RunOptions { Progress = new Reporter(p => expected[(p.Epoch, p.Step)] = p.Losses["total"]) });

        var actual = new Dictionary<(int, int), double>();
        using var cancellation = new CancellationTokenSource();
        var first = new Reporter(p =>
        {
            actual[(p.Epoch, p.Step)] = p.Losses["total"];
            cancellation.Cancel();
        });
        Assert.That(
            () => TinyRun.Train(Options, Run with { Progress = first, CancellationToken = cancellation.Token }),
            Throws.InstanceOf<OperationCanceledException>());
        TinyRun.Train(Options, Run with { Progress = new Reporter(p => actual.Add((p.Epoch, p.Step), p.Losses["total"])) });

        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void Without_a_seed_the_run_goes_on_with_its_own()
    {
        var options = Options with { Seed = null };
        using var cancellation = new CancellationTokenSource();
        var stopping = Run with { CancellationToken = cancellation.Token, Progress = new Reporter(_ => cancellation.Cancel()) };
        Assert.That(() => TinyRun.Train(options, stopping), Throws.InstanceOf<OperationCanceledException>());

        using var scope = NewDisposeScope();
        using var model = SegmentationTrainer.Fit(TinyRun.Images, options, Run);

        TinyRun.Describe(model).AssertEquals(TinyRun.Train(Options with { Seed = model.Options.Seed }));
    }

    [Test]
    public void A_run_that_has_ended_gives_its_model_without_training_again()
    {
        var expected = TinyRun.Train(Options, Run, TinyRun.Validation);
        var reports = 0;

        var again = TinyRun.Train(Options, Run with { Progress = new Reporter(_ => reports++) }, TinyRun.Validation);

        again.AssertEquals(expected);
        Assert.That(reports, Is.Zero);
    }

    [Test]
    public void Folders_devices_and_listeners_may_change()
    {
        var expected = TinyRun.Train(Options, Run);
        var elsewhere = Folder.Combine("moved", RunCheckpoint.FileName);
        System.IO.File.Move(File, elsewhere);

        TinyRun.Train(Options, Run with { CheckpointDirectory = Path.GetDirectoryName(elsewhere), CheckpointInterval = TimeSpan.Zero }).AssertEquals(expected);
    }

    [Test]
    public void What_an_interrupted_write_left_is_removed()
    {
        System.IO.File.WriteAllText($"{File}.0123.tmp", "half a checkpoint");

        TinyRun.Train(Options with { Epochs = 1 }, Run);

        Assert.That(Directory.EnumerateFiles(Folder.Path).Select(Path.GetFileName), Is.EquivalentTo((string[])[RunCheckpoint.FileName, EpochTable.FileName]));
    }

    [Test]
    public void A_continued_run_leaves_no_tensor()
    {
        // What earlier tests left would be collected meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // The first run makes what TorchSharp's counter never gives back of each network's layers.
        var before = Tensor.TotalCount;
        var options = Options with { Epochs = 2 };
        TinyRun.Train(options, null, TinyRun.Validation);
        var counted = Tensor.TotalCount - before;

        var (_, interruptions) = TinyRun.TrainInPieces(options, Run, TinyRun.Validation);

        Assert.That(Tensor.TotalCount - before - counted, Is.EqualTo((interruptions + 1) * counted));
    }

    [Test]
    public void Another_option_is_refused_by_name() => AssertRefused(
        Options with { Training = Options.Training with { LearningRate = 2e-3 } },
        ": Training.LearningRate was 0.001 and is 0.002. Give this run a CheckpointDirectory of its own, or change that back to continue the other run, "
        + "or delete the file to begin again.");

    [Test]
    public void Another_option_of_the_backbone_is_refused_by_name() => AssertRefused(
        Options with { Backbone = new UNetBackbone { Filters = [4, 6, 10], ConvolutionsPerBlock = 1 } },
        ": Backbone.Filters was [4,6,8] and is [4,6,10]. ");

    [Test]
    public void Another_seed_is_refused_by_name() => AssertRefused(Options with { Seed = 8 }, ": Seed was 7 and is 8. ");

    [Test]
    public void An_option_that_was_not_set_is_refused_by_name() => AssertRefused(
        Options with { Training = Options.Training with { EarlyStoppingPatience = 3 } },
        ": Training.EarlyStoppingPatience was not set and is 3. ",
        TinyRun.Validation);

    [Test]
    public void Fewer_images_are_refused() => AssertRefused(
        TinyData.Images(TinyData.Shape, count: 40), ": the training images were 48 images of 1x16x16, 24 of them labeled and are 40 images of "
        + "1x16x16, 20 of them labeled. ");

    [Test]
    public void Images_with_another_value_are_refused() => AssertRefused(
        Changed((pixels, _) => pixels[5] += 0.25f),
        ": the training images were 48 images of 1x16x16, 24 of them labeled as now, but with other values, other masks or in another order. ");

    [Test]
    public void Images_with_another_mask_are_refused() => AssertRefused(Changed((_, masks) => masks[5] ^= 1), " other masks or in another order. ");

    [Test]
    public void A_validation_set_where_there_was_none_is_refused() => AssertRefused(
        Options, ": the validation images were none and are 3 images of 1x16x16, 2 of them labeled. ", TinyRun.Validation, without: true);

    [Test]
    public void The_model_of_another_run_that_has_ended_is_refused()
    {
        TinyRun.Train(Options with { Epochs = 1 }, Run);

        Assert.That(
            () => TinyRun.Train(Options with { Epochs = 2 }, Run),
            Throws.InvalidOperationException.With.Message.StartsWith($"{File} is the checkpoint of another run: Epochs was 1 and is 2. "));
    }

    [Test]
    public void A_checkpoint_cut_short_anywhere_is_refused()
    {
        Interrupt(null);
        var bytes = System.IO.File.ReadAllBytes(File);
        foreach (var length in new[] { 0, 4, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            Assert.That(
                () => TinyRun.Train(Options, Run),
                Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(
                    $"The run cannot continue from {File}; delete the file to begin again. {File} is no usable safetensors file"),
                $"{length} of {bytes.Length} bytes");
        }
    }

    [TestCase("\"epoch\":\"0\"", "\"epoch\":\"1\"")]
    [TestCase("\"step\":\"10\"", "\"step\":\"11\"")]
    public void A_checkpoint_with_a_changed_text_is_refused(string old, string changed)
    {
        Interrupt(null);
        var latin = System.Text.Encoding.Latin1;
        var text = System.IO.File.ReadAllText(File, latin);
        Assert.That(text, Does.Contain(old));
        System.IO.File.WriteAllText(File, text.Replace(old, changed), latin);

        AssertDamaged();
    }

    [Test]
    public void A_checkpoint_with_a_flipped_bit_is_refused()
    {
        Interrupt(null);
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes[^50] ^= 4;
        System.IO.File.WriteAllBytes(File, bytes);

        AssertDamaged();
    }

    [Test]
    public void A_model_file_in_its_place_is_refused()
    {
        using (var model = SegmentationTrainer.Fit(TinyRun.Images, Options with { Epochs = 1 }))
        {
            model.Save(File);
        }

        Assert.That(
            () => TinyRun.Train(Options, Run),
            Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith("no checkpoint: its metadata lacks format=ambissl-checkpoint."));
    }

    [Test]
    public void Weights_under_other_names_are_refused()
    {
        Interrupt(null);
        using (NewDisposeScope())
        {
            var (tensors, texts) = CheckpointFile.Read(File);
            tensors.Remove(tensors.Keys.First(name => name.StartsWith("weights.", StringComparison.Ordinal)));
            CheckpointFile.Write(File, tensors, texts);
        }

        Assert.That(
            () => TinyRun.Train(Options, Run),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith($"The run cannot continue from {File}; delete the file to begin again. "));
    }

    private void AssertDamaged() => Assert.That(
        () => TinyRun.Train(Options, Run),
        Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith($"{File} is damaged: its content does not match its checksum."));

    private void AssertRefused(SegmentationOptions options, string message, ImageCache? validation = null, bool without = false)
    {
        Interrupt(without ? null : validation);

        Assert.That(
            () => SegmentationTrainer.Fit(TinyRun.Images, options, Run, validation),
            Throws.InvalidOperationException.With.Message.StartsWith($"{File} is the checkpoint of another run: ").And.Message.Contains(message));
    }

    private void AssertRefused(ImageCache images, string message)
    {
        Interrupt(null);

        Assert.That(() => SegmentationTrainer.Fit(images, Options, Run), Throws.InvalidOperationException.With.Message.Contains(message));
    }

    /// <summary>Leaves a checkpoint of the tenth step.</summary>
    private void Interrupt(ImageCache? validation)
    {
        using var cancellation = new CancellationTokenSource();
        var stopping = Run with { CancellationToken = cancellation.Token, Progress = new Reporter(_ => cancellation.Cancel()) };
        Assert.That(() => TinyRun.Train(Options, stopping, validation), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>The checkpoint as it is now, if it is of this step.</summary>
    private byte[]? CopyOfStep(int step)
    {
        try
        {
            var bytes = System.IO.File.ReadAllBytes(File);
            using var scope = NewDisposeScope();
            return Safetensors.Read(new MemoryStream(bytes), File).Metadata["step"] == $"{step}" ? bytes : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ImageCache Changed(Action<float[], byte[]> change)
    {
        var cache = new ImageCache(TinyData.Shape);
        for (var i = 0; i < TinyRun.Images.Count; i++)
        {
            var image = TinyRun.Images.Read(i, new IntensityScale(0, 1, Window: null));
            var (pixels, annotations) = (image.Pixels.ToFloats(), image.Annotations.Values);
            if (i == 2)
            {
                change(pixels, annotations);
            }

            cache.Add(pixels, annotations);
        }

        return cache;
    }
}
