using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class AmbiSSLMethodTests : TorchFixture
{
    private static readonly AmbiSSLOptions Options = TinyData.Options;

    [Test]
    public void With_ResNet34_it_has_the_size_that_the_paper_gives_and_two_more_decoders()
    {
        using var method = new AmbiSSLMethod(new AmbiSSLOptions(), new ImageShape(3, 128, 128), annotators: 4);

        // Section 4.2 gives 31.60 million parameters; one decoder with its head has 3.07 million.
        Assert.That(method.parameters().Sum(parameter => parameter.numel()) / 1e6, Is.EqualTo(34.67).Within(0.02));
    }

    [Test]
    public void After_the_warm_up_phi_and_xi_are_pruned_copies_of_theta()
    {
        using var method = new AmbiSSLMethod(Options with { PruneProbability = 1, PruneMaskProbability = 0 }, TinyData.Shape, annotators: 2);
        using var generator = new Generator(1);

        method.BeginEpoch(1, generator);

        var parameters = method.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var (theta, phi) = (parameters["dec.theta.blocks.0.0.weight"], parameters["dec.phi.blocks.0.0.weight"]);
        Assert.Multiple(() =>
        {
            Assert.That(phi.ne(0).sum().item<long>(), Is.EqualTo(phi.numel() / 2));
            Assert.That(phi[phi.ne(0)].eq(theta[phi.ne(0)]).all().item<bool>());
            Assert.That(parameters["seg.phi.last_layer.weight"].eq(parameters["seg.theta.last_layer.weight"]).all().item<bool>());
        });
    }

    [Test]
    public void During_the_warm_up_only_theta_learns()
    {
        var names = new List<string>();
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape), Options with { Epochs = 2, WarmUpEpochs = 9, Progress = new Reporter(p => names.AddRange(p.Losses.Keys)) });

        Assert.That(names, Does.Contain("dice_theta").And.Not.Contain("dice_phi").And.Not.Contain("unlabeled_dice_phi"));
    }

    [Test]
    public void Labelled_only_equals_a_warm_up_that_never_ends()
    {
        var labelledOnly = Weights(Options with { LabeledOnly = true });
        var endless = Weights(Options with { WarmUpEpochs = Options.Epochs });

        Assert.That(labelledOnly, Is.EqualTo(endless));
    }

    [Test]
    public void A_fixed_mask_keeps_pruned_weights_at_zero()
    {
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape),
            Options with { PruneSchedule = PruneSchedule.FixedMask, PruneProbability = 1, PruneMaskProbability = 0, KeepFraction = 0.25 });

        var weight = Parameter(model, "dec.phi.blocks.0.0.weight");
        Assert.That(weight.ne(0).sum().item<long>(), Is.EqualTo(weight.numel() / 4));
    }

    [Test]
    public void Pruned_weights_come_back_to_life_when_pruning_happens_once()
    {
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape),
            Options with { PruneSchedule = PruneSchedule.Once, PruneProbability = 1, PruneMaskProbability = 0, KeepFraction = 0.25 });

        var weight = Parameter(model, "dec.phi.blocks.0.0.weight");
        Assert.That(weight.ne(0).sum().item<long>(), Is.GreaterThan(weight.numel() / 2));
    }

    [Test]
    public void Pruned_at_every_step_phi_stays_a_view_of_theta_that_sends_its_gradient_there()
    {
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape), Options with { PruneSchedule = PruneSchedule.EveryStep, PruneProbability = 1, PruneMaskProbability = 0 });

        var (theta, phi) = (Parameter(model, "dec.theta.blocks.0.0.weight"), Parameter(model, "dec.phi.blocks.0.0.weight"));
        Assert.Multiple(() =>
        {
            Assert.That(phi[phi.ne(0)].eq(theta[phi.ne(0)]).all().item<bool>());
            Assert.That(phi.ne(0).sum().item<long>(), Is.EqualTo(phi.numel() / 2));
            Assert.That(
                Weights(Options with { PruneSchedule = PruneSchedule.EveryStep }, "dec.theta"),
                Is.Not.EqualTo(Weights(Options with { LabeledOnly = true }, "dec.theta")));
        });
    }

    [Test]
    public void A_shared_head_is_one_set_of_weights()
    {
        using var method = new AmbiSSLMethod(Options with { SharedHead = true }, TinyData.Shape, annotators: 2);

        Assert.That(
            method.named_parameters().Select(pair => pair.name).Where(name => name.StartsWith("seg.", StringComparison.Ordinal)),
            Has.All.StartsWith("seg.theta."));
    }

    [TestCase(CrossTarget.Ensemble, EnsembleRule.SoftMean)]
    [TestCase(CrossTarget.Ensemble, EnsembleRule.MeanLogit)]
    [TestCase(CrossTarget.OwnSet, EnsembleRule.Union)]
    public void Every_reading_of_targets_and_ensembles_trains(CrossTarget target, EnsembleRule rule) => AssertTrains(
        Options with { CrossTarget = target, EnsembleRule = rule });

    [TestCase(true)]
    [TestCase(false)]
    public void Every_reading_of_the_losses_trains(bool sharedHead) => AssertTrains(Options with
    {
        SharedHead = sharedHead,
        DiceLoss = AmbiSSL.Torch.Losses.DiceLossKind.PerSampleForeground,
        KlDirection = AmbiSSL.Torch.Losses.KlDirection.PriorToPosterior,
        SortAnnotationsByArea = false,
        InferenceDecoder = DecoderName.Xi,
    });

    [Test]
    public void Batch_normalisation_sees_only_the_three_views_not_the_pseudo_labels()
    {
        var backbone = new UNetBackbone { Filters = [4, 6, 8], BatchNormalization = true };
        using var method = new AmbiSSLMethod(Options with { Backbone = backbone }, TinyData.Shape, annotators: 2);
        using var generator = new Generator(1);
        method.train();
        method.MakeCopies(generator);
        var batch = new TrainingBatch(rand(2, 1, 16, 16), rand(2, 2, 16, 16).round(), rand(2, 1, 16, 16), rand(2, 1, 16, 16));

        method.Step(batch, new StepContext(3, 4, generator));

        var counts = method.named_buffers()
            .Where(pair => pair.name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(pair => pair.name, pair => pair.buffer.item<long>());
        Assert.Multiple(() =>
        {
            Assert.That(counts["enc.blocks.0.1.num_batches_tracked"], Is.EqualTo(3), "labelled, weak, strong");
            Assert.That(counts["dec.theta.blocks.0.1.num_batches_tracked"], Is.EqualTo(1), "labelled");
            Assert.That(counts["dec.phi.blocks.0.1.num_batches_tracked"], Is.EqualTo(2), "labelled, weak");
            Assert.That(counts["dec.xi.blocks.0.1.num_batches_tracked"], Is.EqualTo(2), "labelled, strong");
        });
    }

    [Test]
    public void Posterior_does_not_depend_on_the_order_of_annotations_that_are_sorted_by_area()
    {
        using var method = new AmbiSSLMethod(Options, TinyData.Shape, annotators: 3);
        var images = rand(2, 1, 16, 16);
        var masks = cat([rand(2, 1, 16, 16).lt(0.2), rand(2, 1, 16, 16).lt(0.5), rand(2, 1, 16, 16).lt(0.8)], 1).to(ScalarType.Float32);

        var sorted = method.Posterior(LatentFamily.Normal, images, masks).Location;
        var shuffled = method.Posterior(LatentFamily.Normal, images, masks.flip(1)).Location;

        Assert.That(shuffled.eq(sorted).all().item<bool>());
    }

    private static void AssertTrains(AmbiSSLOptions options)
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), options);

        Assert.That(model.Method.parameters().All(parameter => parameter.isfinite().all().item<bool>()));
    }

    private static Tensor Parameter(SegmentationModel model, string name) =>
        model.Method.named_parameters().Single(pair => pair.name == name).parameter;

    private static float[] Weights(AmbiSSLOptions options, string prefix = "")
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), options);
        return cat([.. model.Method.named_parameters()
            .Where(pair => pair.name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(pair => pair.parameter.detach().contiguous().flatten())]).data<float>().ToArray();
    }
}
