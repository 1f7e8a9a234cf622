using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Methods;
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
    public void Pruned_at_every_step_phi_stays_a_view_of_theta()
    {
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape), Options with { PruneSchedule = PruneSchedule.EveryStep, PruneProbability = 1, PruneMaskProbability = 0 });

        var (theta, phi) = (Parameter(model, "dec.theta.blocks.0.0.weight"), Parameter(model, "dec.phi.blocks.0.0.weight"));
        Assert.Multiple(() =>
        {
            Assert.That(phi[phi.ne(0)].eq(theta[phi.ne(0)]).all().item<bool>());
            Assert.That(phi.ne(0).sum().item<long>(), Is.EqualTo(phi.numel() / 2));
        });
    }

    [Test]
    public void Pruned_at_every_step_the_gradients_of_kept_weights_go_to_theta()
    {
        using var method = new AmbiSSLMethod(
            Options with { PruneSchedule = PruneSchedule.EveryStep, PruneProbability = 1, PruneMaskProbability = 0 }, TinyData.Shape, annotators: 2);
        using var generator = new Generator(1);
        method.train();
        method.MakeCopies(generator);
        var batch = RandomBatch();
        Tensor Weight(string decoder) => method.named_parameters().Single(named => named.name == $"dec.{decoder}.blocks.0.0.weight").parameter;

        method.Step(batch, new StepContext(3, 4, generator)).Total.backward();
        Tensor Kept(string decoder) => Weight(decoder).grad! * Weight(decoder).ne(0);
        var expected = Weight("theta").grad! + Kept("phi") + Kept("xi");
        method.AfterBackward();

        Assert.That(Kept("phi").abs().max().item<float>(), Is.GreaterThan(0));
        Assert.That((Weight("theta").grad! - expected).abs().max().item<float>(), Is.Zero.Within(1e-7));
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
    [TestCase(CrossTarget.AllDecoders, EnsembleRule.MeanProbability)]
    public void Every_reading_of_targets_and_ensembles_trains(CrossTarget target, EnsembleRule rule) => AssertTrains(
        Options with { CrossTarget = target, EnsembleRule = rule });

    [TestCase(UnlabeledCode.Posterior)]
    [TestCase(UnlabeledCode.Prior)]
    public void Every_code_of_the_unlabeled_half_trains(UnlabeledCode code) => AssertTrains(Options with { UnlabeledCode = code });

    [TestCase(CrossTarget.OwnSet)]
    [TestCase(CrossTarget.Ensemble)]
    [TestCase(CrossTarget.AllDecoders)]
    public void With_codes_of_the_prior_each_mask_of_phi_learns_the_pseudo_label_of_its_own_code(CrossTarget target)
    {
        using var method = Diverged(Options with { UnlabeledCode = UnlabeledCode.Prior, CrossTarget = target });
        var (weak, draws) = (rand(2, 1, 16, 16), UnlabeledDraws(method.NoiseDimensions));
        var sets = method.PseudoLabelsInEvaluation(weak, method.Prior(LatentFamily.Laplace, weak).Sample(draws.PseudoLabels).transpose(0, 1));
        Tensor[] teachers = target switch
        {
            CrossTarget.OwnSet => [sets.Xi],
            CrossTarget.Ensemble => [sets.Xi, sets.Theta],
            _ => [sets.Xi, sets.Theta, sets.Phi],
        };
        var labels = stack([.. teachers.Select(logits => logits.sigmoid())]).mean([0]).gt(0.5).to(ScalarType.Float32);

        Assert.That(labels.mean().item<float>(), Is.InRange(0.1f, 0.9f), "foreground and background");

        var loss = UnlabeledDice(method, weak, draws);

        // The mean over masks is taken by hand: generalized Dice of foreground and background over all pixels of all masks.
        Assert.That(loss, Is.EqualTo(GeneralizedDice(sets.Phi.sigmoid(), labels)).Within(1e-5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Every_reading_of_the_losses_trains(bool sharedHead) => AssertTrains(Options with
    {
        SharedHead = sharedHead,
        DiceLoss = DiceLossKind.PerSampleForeground,
        KlDirection = KlDirection.PriorToPosterior,
        SortAnnotationsByArea = false,
        InferenceDecoder = DecoderName.Xi,
    });

    // Encoder: labelled, weak, strong. Decoders: labelled, what they learn from, and with statistics of the batch what they teach, which for phi
    // is the same pass.
    [TestCase(PseudoLabelStatistics.Running, 3, 1, 2, 2)]
    [TestCase(PseudoLabelStatistics.Batch, 3, 2, 2, 3)]
    public void Batch_normalisation_counts_each_training_pass_once(PseudoLabelStatistics statistics, int encoder, int theta, int phi, int xi)
    {
        var backbone = new UNetBackbone { Filters = [4, 6, 8], BatchNormalization = true };
        using var method = new AmbiSSLMethod(
            Options with { Backbone = backbone, PseudoLabelStatistics = statistics }, TinyData.Shape, annotators: 2);
        using var generator = new Generator(1);
        method.train();
        method.MakeCopies(generator);
        var batch = RandomBatch();

        method.Step(batch, new StepContext(3, 4, generator));

        var counts = method.named_buffers()
            .Where(pair => pair.name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(pair => pair.name, pair => pair.buffer.item<long>());
        Assert.Multiple(() =>
        {
            Assert.That(counts["enc.blocks.0.1.num_batches_tracked"], Is.EqualTo(encoder));
            Assert.That(counts["dec.theta.blocks.0.1.num_batches_tracked"], Is.EqualTo(theta));
            Assert.That(counts["dec.phi.blocks.0.1.num_batches_tracked"], Is.EqualTo(phi));
            Assert.That(counts["dec.xi.blocks.0.1.num_batches_tracked"], Is.EqualTo(xi));
        });
    }

    [Test]
    public void With_statistics_of_the_batch_the_decoders_teach_by_what_they_predict_in_training()
    {
        using var method = Diverged(Options with { CrossTarget = CrossTarget.OwnSet, PseudoLabelStatistics = PseudoLabelStatistics.Batch });
        var (weak, draws) = (rand(2, 1, 16, 16), UnlabeledDraws(method.NoiseDimensions));
        var standard = new LatentDistribution(LatentFamily.Laplace, zeros(2, method.NoiseDimensions), zeros(2, method.NoiseDimensions));
        var noise = standard.Sample(draws.PseudoLabels).transpose(0, 1);
        Tensor Predicted(DecoderName decoder)
        {
            method.SampleAs(Options with { InferenceDecoder = decoder });
            return method.Sample(weak, noise);
        }

        var inEvaluation = Predicted(DecoderName.Xi).gt(0.5);
        method.train();
        var (learner, labels) = (Predicted(DecoderName.Phi), Predicted(DecoderName.Xi).gt(0.5));
        Assert.That(labels.ne(inEvaluation).any().item<bool>(), "running statistics would give other labels");
        Assert.That(labels.to(ScalarType.Float32).mean().item<float>(), Is.InRange(0.05f, 0.95f), "foreground and background");

        var loss = UnlabeledDice(method, weak, draws);

        Assert.That(loss, Is.EqualTo(GeneralizedDice(learner, labels.to(ScalarType.Float32))).Within(1e-5));
    }

    [Test]
    public void Where_a_labelled_image_is_pasted_xi_learns_its_annotations_and_phi_learns_as_before()
    {
        using var method = Diverged(Options with { UnlabeledCode = UnlabeledCode.Prior });
        var (labeled, annotations, weak) = (rand(2, 1, 16, 16), rand(2, 2, 16, 16).round(), rand(2, 1, 16, 16));
        var draws = UnlabeledDraws(method.NoiseDimensions);
        var codes = method.Prior(LatentFamily.Laplace, weak).Sample(draws.PseudoLabels).transpose(0, 1);
        method.SampleAs(Options with { InferenceDecoder = DecoderName.Xi });
        var normal = method.Prior(LatentFamily.Normal, labeled);
        var predicted = method.Sample(labeled, (codes - normal.Location.unsqueeze(1)) / normal.LogScale.exp().unsqueeze(1));
        var whole = new TrainingBatch(labeled, annotations, weak, labeled, ones(2, 1, 16, 16, ScalarType.Bool));
        var nothing = new TrainingBatch(labeled, annotations, weak, labeled, zeros(2, 1, 16, 16, ScalarType.Bool));
        float Dice(TrainingBatch batch, string decoder) => UnlabeledDice(method, batch, draws, decoder);

        Assert.Multiple(() =>
        {
            Assert.That(Dice(whole, "xi"), Is.EqualTo(GeneralizedDice(predicted, annotations)).Within(1e-5));
            Assert.That(Dice(nothing, "xi"), Is.Not.EqualTo(Dice(whole, "xi")).Within(1e-3));
            Assert.That(Dice(whole, "phi"), Is.EqualTo(Dice(nothing, "phi")));
        });
    }

    [TestCase(UnlabeledCode.Posterior)]
    [TestCase(UnlabeledCode.Prior)]
    public void A_step_propagated_in_two_parts_has_the_gradients_and_the_value_of_the_whole_loss(UnlabeledCode code)
    {
        using var method = Diverged(Options with { UnlabeledCode = code, WeightRegularization = 1e-3 });
        var batch = RandomBatch();
        var time = new StepContext(3, 4, new Generator(1));
        Dictionary<string, Tensor> Gradients() => method.named_parameters()
            .Where(named => named.parameter.grad is not null).ToDictionary(named => named.name, named => named.parameter.grad!.clone());

        var names = Enum.GetValues<DecoderName>();
        var labeled = new SupervisedLoss(Options).Draw(batch.Annotations, time.Generator);
        var unlabeled = AmbiSSL.Torch.Methods.UnlabeledDraws.Draw(2, 2, Options, time.Generator, CPU);
        var whole = method.Supervised(names, batch, labeled, new LossTerms())
            + (1e-3 * method.Regularization(names))
            + (Options.UnsupervisedWeight * Math.Exp(-5 * Math.Pow(1 - (3 / 4.0), 2)) * method.Unsupervised(batch, unlabeled, new LossTerms()));
        whole.backward();
        var expected = Gradients();
        method.zero_grad();
        time.Generator.manual_seed(1);

        var losses = method.Step(batch, time);
        losses.Total.backward();

        Assert.That(losses.Total.item<float>(), Is.EqualTo(whole.item<float>()).Within(1e-5));
        var gradients = Gradients();
        Assert.That(gradients.Keys, Is.EquivalentTo(expected.Keys));
        foreach (var (name, gradient) in gradients)
        {
            Assert.That((gradient - expected[name]).abs().max().item<float>(), Is.LessThan(1e-5 + (1e-4 * expected[name].abs().max().item<float>())), name);
        }
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

    /// <summary>A method whose three decoders differ, each with logits on both sides of zero.</summary>
    private static AmbiSSLMethod Diverged(AmbiSSLOptions options)
    {
        var method = new AmbiSSLMethod(options, TinyData.Shape, annotators: 2);
        using var generator = new Generator(1);
        method.MakeCopies(generator);
        method.eval();
        using var gradients = no_grad();
        var parameters = method.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var parameter in parameters.Where(pair => pair.Key.StartsWith("dec.", StringComparison.Ordinal)).Select(pair => pair.Value))
        {
            parameter.add_(randn(parameter.shape), alpha: 0.3);
        }

        var sets = method.PseudoLabelsInEvaluation(rand(2, 1, 16, 16), zeros(2, 1, method.NoiseDimensions));
        foreach (var (decoder, logits) in new[] { ("theta", sets.Theta), ("phi", sets.Phi), ("xi", sets.Xi) })
        {
            parameters[$"seg.{decoder}.last_layer.weight"].mul_(1 / logits.std());
            parameters[$"seg.{decoder}.last_layer.bias"].sub_(logits.median()).mul_(1 / logits.std());
        }

        return method;
    }

    private static UnlabeledDraws UnlabeledDraws(int dimensions)
    {
        using var generator = new Generator(1);
        return AmbiSSL.Torch.Methods.UnlabeledDraws.Draw(2, 2, Options with { LatentDimensions = dimensions }, generator, CPU);
    }

    private static TrainingBatch RandomBatch() =>
        new(rand(2, 1, 16, 16), rand(2, 2, 16, 16).round(), rand(2, 1, 16, 16), rand(2, 1, 16, 16));

    private static float UnlabeledDice(AmbiSSLMethod method, Tensor weak, UnlabeledDraws draws) =>
        UnlabeledDice(method, RandomBatch() with { WeakImages = weak }, draws, "phi");

    private static float UnlabeledDice(AmbiSSLMethod method, TrainingBatch batch, UnlabeledDraws draws, string decoder)
    {
        var terms = new LossTerms();
        method.Unsupervised(batch, draws, terms);
        return terms.Sum(zeros(1)).Terms.Single(term => term.Name == $"unlabeled_dice_{decoder}").Value.item<float>();
    }

    /// <summary>One minus the mean over foreground and background of 2 sum(pt) / (sum(p) + sum(t)): the weights of the generalized form cancel.</summary>
    private static float GeneralizedDice(Tensor probability, Tensor truth)
    {
        static Tensor Dice(Tensor p, Tensor t) => 2 * (p * t).sum() / (p.sum() + t.sum());
        return (1 - ((Dice(probability, truth) + Dice(1 - probability, 1 - truth)) / 2)).item<float>();
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
