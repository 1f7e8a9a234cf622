using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class SegmentationTrainerTests
{
    private static readonly AmbiSSLOptions Options = TinyData.Options;

    /// <summary>What earlier tests left to the garbage collector is not to be counted while one of these counts.</summary>
    [SetUp]
    public void CollectWhatOthersLeft()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Test]
    public void Loss_falls()
    {
        var losses = new List<double>();
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape, count: 16),
            Options with { Epochs = 60, WarmUpEpochs = 50, Training = Options.Training with { LearningRate = 5e-3 } },
            new RunOptions { Progress = new Reporter(p => losses.Add(p.Losses["dice_theta"])) });

        Assert.That(losses[^1], Is.LessThan(0.6 * losses[0]));
    }

    [Test]
    public void Masks_without_a_pixel_of_foreground_are_refused_before_the_first_step()
    {
        using var images = new ImageCache(TinyData.Shape);
        var (pixels, masks) = TinyData.Image(TinyData.Shape, 1);
        images.Add(pixels, new byte[masks.Length], []);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options, new RunOptions { Progress = new Reporter(_ => Assert.Fail("A step was made.")) }),
            Throws.ArgumentException.With.Message.StartsWith(
                "None of the 2 masks of 1 annotated training images has a pixel of foreground, so that there is nothing to learn; name the value of the "
                    + "foreground"));
    }

    [Test]
    public void Same_seed_gives_the_same_weights()
    {
        Assert.That(Weights(Options), Is.EqualTo(Weights(Options with { })));
        Assert.That(Weights(Options with { Seed = 8 }), Is.Not.EqualTo(Weights(Options)));
    }

    [Test]
    public void Without_a_seed_the_one_that_was_used_is_recorded()
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options with { Seed = null, Epochs = 1 });

        Assert.That(model.Options.Seed, Is.Not.Null);
    }

    [Test]
    public void Training_leaves_the_global_generator_as_it_was()
    {
        random.manual_seed(11);
        using var expected = randn(4);
        random.manual_seed(11);

        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options);

        using var actual = randn(4);
        Assert.That(actual.data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()));
    }

    [Test]
    public void Live_tensors_and_memory_are_flat_over_the_steps()
    {
        var live = new List<long>();
        var resident = new List<long>();
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape, count: 80), Options with { Epochs = 11, WarmUpEpochs = 0 }, new RunOptions
        {
            Progress = new Reporter(p =>
            {
                live.Add(Tensor.TotalCount);
                resident.Add(ResidentMemory());
            }),
        });

        // A report every ten steps: the second is that of step 20, the twentieth that of step 200.
        Assert.Multiple(() =>
        {
            Assert.That(live[19], Is.EqualTo(live[1]));
            Assert.That(resident[^1], Is.LessThan(resident[1] + (32 << 20)));
        });
    }

    [Test]
    public void A_disposed_model_leaves_no_tensor()
    {
        var before = Tensor.TotalCount;
        using (SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options))
        {
        }

        Assert.That(Tensor.TotalCount, Is.EqualTo(before + CountedByMakingLayers()));
    }

    [Test]
    public void Cancellation_stops_at_the_next_step_and_leaves_no_tensor()
    {
        var before = Tensor.TotalCount;
        using var cancellation = new CancellationTokenSource();
        var reports = 0;
        var run = new RunOptions
        {
            CancellationToken = cancellation.Token,
            Progress = new Reporter(_ =>
            {
                reports++;
                cancellation.Cancel();
            }),
        };

        Assert.Throws<OperationCanceledException>(
            () => SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options with { Epochs = 1000 }, run));
        Assert.Multiple(() =>
        {
            Assert.That(reports, Is.EqualTo(1));
            Assert.That(Tensor.TotalCount, Is.EqualTo(before + CountedByMakingLayers()));
            Assert.That(is_grad_enabled());
        });
    }

    [Test]
    public void Images_that_cannot_be_read_any_more_end_the_training_and_leave_no_tensor()
    {
        var before = Tensor.TotalCount;
        var images = TinyData.Images(TinyData.Shape);
        var run = new RunOptions { Progress = new Reporter(_ => images.Dispose()) };

        Assert.That(() => SegmentationTrainer.Fit(images, Options with { Epochs = 1000 }, run), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Tensor.TotalCount, Is.EqualTo(before + CountedByMakingLayers()));
    }

    [Test]
    public void Images_in_a_temporary_file_give_the_same_weights()
    {
        using var images = new ImageCache(TinyRun.Images.Format, limitBytes: 0);
        for (var i = 0; i < TinyRun.Images.Count; i++)
        {
            var image = TinyRun.Images.Read(i, new IntensityScale(0, 1, Window: null));
            images.Add(image.Pixels, image.Annotations);
        }

        using var scope = NewDisposeScope();
        using var model = SegmentationTrainer.Fit(images, Options);

        Assert.That(images.IsInFile);
        TinyRun.Describe(model).AssertEquals(TinyRun.Train(Options));
    }

    [Test]
    public void Progress_counts_epochs_and_steps_and_names_every_term()
    {
        var reports = new List<TrainingProgress>();
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options, new RunOptions { Progress = new Reporter(reports.Add) });

        var last = reports[^1];
        Assert.Multiple(() =>
        {
            Assert.That(reports.Count(report => report.IsEpochEnd), Is.EqualTo(Options.Epochs));
            Assert.That((last.Epoch, last.Step, last.Remaining), Is.EqualTo((Options.Epochs, last.StepsPerEpoch, TimeSpan.Zero)));
            Assert.That(last.ImagesPerSecond, Is.GreaterThan(0));
            Assert.That(last.Losses.Keys, Is.EquivalentTo((string[])
            [
                "total", "kl", "dice_theta", "bound_theta", "energy_theta", "dice_phi", "bound_phi", "energy_phi", "dice_xi", "bound_xi", "energy_xi",
                "unlabeled_dice_phi", "unlabeled_dice_xi", "regularization",
            ]));
        });
    }

    [TestCase(1, 17, 30, 2)]
    [TestCase(3, 24, 13, 3)]
    public void Any_channels_annotators_and_sides(int channels, int height, int width, int annotators)
    {
        var shape = new ImageShape(channels, height, width);
        using var model = SegmentationTrainer.Fit(TinyData.Images(shape, annotators: annotators), Options);
        var masks = new byte[shape.PixelCount];
        var probability = new float[shape.PixelCount];

        model.SampleMasks(TinyData.Image(shape, 1).Pixels, 1, masks, probability);

        Assert.Multiple(() =>
        {
            Assert.That(model.Annotators, Is.EqualTo(annotators));
            Assert.That(probability, Has.All.InRange(0f, 1f));
        });
    }

    [Test]
    [Category("Slow")]
    public void ResNet34_trains_on_images_whose_sides_its_stride_does_not_divide()
    {
        var shape = new ImageShape(3, 40, 33);
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(shape, count: 4), Options with { Backbone = new ResNet34Backbone(), PruneFromBlock = null, Epochs = 2, WarmUpEpochs = 1 });
        var masks = new byte[2 * shape.PixelCount];
        var probability = new float[shape.PixelCount];

        model.SampleMasks(TinyData.Image(shape, 1).Pixels, 2, masks, probability);

        Assert.That(probability, Has.All.InRange(0f, 1f));
    }

    [Test]
    public void Rows_may_have_different_numbers_of_annotators()
    {
        var images = new ImageCache(TinyData.Shape);
        foreach (var annotators in new[] { 1, 3, 0, 2, 0 })
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, annotators, annotators);
            images.Add(pixels, annotations);
        }

        using var model = SegmentationTrainer.Fit(images, Options);

        Assert.That(model.Annotators, Is.EqualTo(3));
    }

    [Test]
    public void Without_unlabeled_images_the_labeled_ones_train_all_decoders()
    {
        var images = new ImageCache(TinyData.Shape);
        for (var i = 0; i < 4; i++)
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, i);
            images.Add(pixels, annotations);
        }

        IReadOnlyDictionary<string, double>? losses = null;
        using var model = SegmentationTrainer.Fit(images, Options, new RunOptions { Progress = new Reporter(p => losses = p.Losses) });

        Assert.That(losses!.Keys, Does.Contain("dice_phi").And.Not.Contain("unlabeled_dice_phi"));
    }

    [Test]
    public void No_image_is_refused() => Assert.That(
        () => SegmentationTrainer.Fit(new ImageCache(TinyData.Shape), Options),
        Throws.ArgumentException.With.Message.StartsWith("There are no training images."));

    [Test]
    public void No_labeled_image_is_refused()
    {
        var images = new ImageCache(TinyData.Shape);
        images.Add(TinyData.Image(TinyData.Shape, 1).Pixels, []);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options),
            Throws.ArgumentException.With.Message.StartsWith("None of the 1 training images has an annotation; at least one must."));
    }

    [Test]
    public void Images_of_one_pixel_are_refused()
    {
        var images = new ImageCache(new ImageShape(1, 1, 1));
        images.Add([0.5f], [1]);

        Assert.That(
            () => SegmentationTrainer.Fit(images, Options),
            Throws.ArgumentException.With.Message.StartsWith("The images are 1x1 pixels; at least 8x8 are needed."));
    }

    [Test]
    public void Batches_of_one_value_a_feature_are_refused_where_they_are_normalized()
    {
        SegmentationOptions One(UNetBackbone backbone) => Options with { Backbone = backbone, Epochs = 1, Training = Options.Training with { BatchSize = 2 } };
        var deep = new UNetBackbone { Filters = [4, 4, 4, 4, 4], ConvolutionsPerBlock = 1 };

        Assert.That(
            () => SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), One(deep)),
            Throws.ArgumentException.With.Message.StartsWith(
                "BatchSize is 2, one labeled and one unlabeled image, and of 16x16 pixels the coarsest features are one value each"));
        Assert.That(
            () => SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), One(deep with { Normalization = FeatureNormalization.Instance })),
            Throws.ArgumentException.With.Message.StartsWith(
                "Normalization is Instance, and of 16x16 pixels the coarsest features of an image are one value each"));
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), One(deep with { BatchNormalization = false }));
        Assert.That(model.Method.state_dict().Values.All(weight => weight.isfinite().all().item<bool>()));
    }

    [Test]
    public void A_loss_that_is_no_number_stops_the_training_with_a_remedy() => Assert.That(
        () => SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape, count: 40), Options with { Training = Options.Training with { LearningRate = 1e30 } }),
        Throws.InvalidOperationException.With.Message.Contains("lower LearningRate"));

    [Test]
    public void A_last_step_that_ruins_a_weight_fails_the_training()
    {
        void Ruin(TrainingProgress progress, SegmentationModel? model)
        {
            if (progress.Epoch == Options.Epochs)
            {
                using var weight = model!.Method.state_dict()["dec.phi.blocks.0.0.weight"].detach();
                weight.fill_(double.NaN);
            }
        }

        Assert.That(
            () => SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options, new RunOptions { AfterEpoch = Ruin }),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The last step of the training left weight 'dec.phi.blocks.0.0.weight' with values that are not finite; lower LearningRate (now 0.001) or "
                    + "check the scale of the pixel values."));
    }

    /// <summary>
    /// What TorchSharp's counter still holds of networks that were made and disposed: it counts each layer's initial weights and never
    /// takes them back, although their memory is free.
    /// </summary>
    private static long CountedByMakingLayers()
    {
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            new AmbiSSLMethod(Options, TinyData.Shape, annotators: 2, MaskClasses.One).Dispose();
        }

        return Tensor.TotalCount - before;
    }

    private static long ResidentMemory()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    private static float[] Weights(SegmentationOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), options);
        return cat([.. model.Method.parameters().Select(parameter => parameter.detach().contiguous().flatten())]).data<float>().ToArray();
    }
}
