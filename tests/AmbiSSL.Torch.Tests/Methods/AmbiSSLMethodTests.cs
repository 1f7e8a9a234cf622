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
        using var method = new AmbiSSLMethod(new AmbiSSLOptions(), new ImageShape(3, 128, 128), annotators: 4, MaskClasses.One);

        // Section 4.2 gives 31.60 million parameters; one decoder with its head has 3.07 million.
        Assert.That(method.parameters().Sum(parameter => parameter.numel()) / 1e6, Is.EqualTo(34.67).Within(0.02));
    }

    [Test]
    public void With_the_warm_up_over_phi_and_xi_are_pruned_copies_of_theta()
    {
        var backbone = new UNetBackbone { Filters = [4, 4, 4, 4, 4] };
        using var method = new AmbiSSLMethod(Options with { Backbone = backbone, KeepFraction = 0 }, TinyData.Shape, annotators: 2, MaskClasses.One);
        using var generator = new Generator(1);

        method.BeginEpoch(1, generator);

        foreach (var branch in new[] { "phi", "xi" })
        {
            var parameters = method.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
            var pairs = parameters.Where(pair => pair.Key.StartsWith($"dec.{branch}.", StringComparison.Ordinal) && pair.Value.dim() == 4)
                .Select(pair => (Theta: parameters[pair.Key.Replace(branch, "theta")], Own: pair.Value)).ToArray();
            var kept = pairs.Average(pair => pair.Own.ne(0).to(ScalarType.Float32).mean().item<float>());
            Assert.Multiple(() =>
            {
                Assert.That(pairs.All(pair => pair.Own[pair.Own.ne(0)].eq(pair.Theta[pair.Own.ne(0)]).all().item<bool>()), "kept as they are");
                Assert.That(kept, Is.InRange(0.4f, 0.99f), "some layers lose the half that is not exempt");
                Assert.That(parameters[$"seg.{branch}.last_layer.weight"].eq(parameters["seg.theta.last_layer.weight"]).all().item<bool>());
            });
        }
    }

    [Test]
    public void During_the_warm_up_only_theta_learns()
    {
        var names = new List<string>();
        using var model = SegmentationTrainer.Fit(
            TinyData.Images(TinyData.Shape),
            Options with { Epochs = 2, WarmUpEpochs = 9 },
            new RunOptions { Progress = new Reporter(p => names.AddRange(p.Losses.Keys)) });

        Assert.That(names, Does.Contain("dice_theta").And.Not.Contain("dice_phi").And.Not.Contain("unlabeled_dice_phi"));
    }

    [Test]
    public void Pruned_weights_come_back_to_life()
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), Options with { KeepFraction = 0 });

        var weight = model.Method.named_parameters().Single(pair => pair.name == "dec.phi.blocks.0.0.weight").parameter;
        Assert.That(weight.ne(0).sum().item<long>(), Is.GreaterThan(weight.numel() * 0.9));
    }

    [TestCaseSource(nameof(Presets))]
    public void Every_preset_trains(AmbiSSLOptions options)
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), options);

        Assert.That(model.Method.parameters().All(parameter => parameter.isfinite().all().item<bool>()));
    }

    [Test]
    public void With_the_same_codes_each_mask_of_phi_learns_the_decoders_majority_at_its_own_code()
    {
        using var method = Diverged(Options);
        var (weak, draws) = (rand(2, 1, 16, 16), Draws(method));
        var sets = PseudoLabels(method, weak, draws);
        var labels = stack([.. sets.Logits.Select(logits => logits.sigmoid())]).mean([0]).gt(0.5).to(ScalarType.Float32);
        Assert.That(labels.mean().item<float>(), Is.InRange(0.1f, 0.9f), "foreground and background");

        var loss = UnlabeledDice(method, RandomBatch() with { WeakImages = weak }, draws, "phi");

        // The mean over masks is taken by hand: generalized Dice of foreground and background over all pixels of all masks.
        Assert.That(loss, Is.EqualTo(GeneralizedDice(sets.Logits[1].sigmoid(), labels)).Within(1e-5));
    }

    // Encoder: labeled, weak, strong. Decoders: labeled, what they learn from, and with the same codes what they teach, which for phi is the
    // same pass; as printed they teach in evaluation.
    [TestCase(CrossSupervision.Printed, 3, 1, 2, 2)]
    [TestCase(CrossSupervision.SameCode, 3, 2, 2, 3)]
    public void Batch_normalization_sees_each_training_pass_once(CrossSupervision supervision, int encoder, int theta, int phi, int xi)
    {
        var backbone = new UNetBackbone { Filters = [4, 6, 8], BatchNormalization = true };
        using var method = new AmbiSSLMethod(
            Options with { Backbone = backbone, CrossSupervision = supervision }, TinyData.Shape, annotators: 2, MaskClasses.One);
        using var generator = new Generator(1);
        method.train();
        method.Labels.Prune(generator);

        var counts = NormalizationPasses.During(method, () => method.Whole(RandomBatch(), new StepContext(3, 4, new DeviceRandom(generator, CPU))));

        Assert.Multiple(() =>
        {
            Assert.That(counts["enc.blocks.0.1"], Is.EqualTo(encoder));
            Assert.That(counts["dec.theta.blocks.0.1"], Is.EqualTo(theta));
            Assert.That(counts["dec.phi.blocks.0.1"], Is.EqualTo(phi));
            Assert.That(counts["dec.xi.blocks.0.1"], Is.EqualTo(xi));
        });
    }

    [Test]
    public void Where_a_labeled_image_is_pasted_xi_learns_its_annotations_and_phi_learns_as_before()
    {
        using var method = Diverged(Options);
        var (labeled, annotations, weak) = (rand(2, 1, 16, 16), rand([2, 2, 1, 16, 16]).round(), rand(2, 1, 16, 16));
        var draws = Draws(method);
        var codes = Codes(method, weak, draws);
        var xi = method.Labels.Branches[2];
        var predicted = xi.Head.Infer(xi.Decoder.Decode(method.Labels.Encoder.Encode(labeled)), codes).sigmoid();
        var whole = new TrainingBatch(labeled, annotations, weak, labeled, ones([2, 1, 1, 16, 16], ScalarType.Bool));
        var nothing = new TrainingBatch(labeled, annotations, weak, labeled, zeros([2, 1, 1, 16, 16], ScalarType.Bool));
        float Dice(TrainingBatch batch, string decoder) => UnlabeledDice(method, batch, draws, decoder);

        Assert.Multiple(() =>
        {
            Assert.That(Dice(whole, "xi"), Is.EqualTo(GeneralizedDice(predicted, annotations)).Within(1e-5));
            Assert.That(Dice(nothing, "xi"), Is.Not.EqualTo(Dice(whole, "xi")).Within(1e-3));
            Assert.That(Dice(whole, "phi"), Is.EqualTo(Dice(nothing, "phi")));
        });
    }

    [TestCaseSource(nameof(Presets))]
    public void A_step_is_the_supervised_part_and_the_weighted_unsupervised_one_with_the_generators_draws(AmbiSSLOptions options)
    {
        using var method = Diverged(options with { WeightRegularization = 1e-3 });
        var batch = RandomBatch();
        using var generator = new Generator(1);
        var time = new StepContext(3, 4, new DeviceRandom(generator, CPU));
        var labeled = new SupervisedLoss(options).Draw(batch, time);
        var unlabeled = UnlabeledDraws.Draw(LatentFamily.Laplace, 2, 2, method.NoiseDimensions, 2, time.Random);
        LossPart[] expected =
        [
            method.SupervisedPart(method.Labels.Branches, batch, labeled),
            method.UnsupervisedPart(batch, unlabeled, options.UnsupervisedWeight * Math.Exp(-5 * Math.Pow(1 - (3 / 4.0), 2))),
        ];
        generator.manual_seed(1);

        var parts = method.Step(batch, time).ToArray();

        Assert.That(parts, Has.Length.EqualTo(2));
        foreach (var (part, other) in parts.Zip(expected))
        {
            Assert.That(part.Total.item<float>(), Is.EqualTo(other.Total.item<float>()));
            Assert.That(
                part.Terms.Select(term => (term.Name, term.Value.item<float>())),
                Is.EqualTo(other.Terms.Select(term => (term.Name, term.Value.item<float>()))));
        }
    }

    [Test]
    public void Posterior_does_not_depend_on_the_order_of_annotations()
    {
        using var method = new AmbiSSLMethod(Options, TinyData.Shape, annotators: 3, MaskClasses.One);
        var images = rand(2, 1, 16, 16);
        var masks = cat([rand(2, 1, 16, 16).lt(0.2), rand(2, 1, 16, 16).lt(0.5), rand(2, 1, 16, 16).lt(0.8)], 1).to(ScalarType.Float32).unsqueeze(2);

        var sorted = method.Latent.Labeled(images, masks).Posterior.Location;
        var shuffled = method.Latent.Labeled(images, masks.flip(1)).Posterior.Location;

        Assert.That(shuffled.eq(sorted).all().item<bool>());
    }

    private static IEnumerable<TestCaseData> Presets() =>
    [
        new TestCaseData(Options).SetArgDisplayNames("recommended"),
        new TestCaseData(Options with
        {
            CrossSupervision = CrossSupervision.Printed, AlphaUnlabeled = 0.5, UnsupervisedWeight = 0.1, EnergyWeight = 0,
        }).SetArgDisplayNames("published"),
    ];

    /// <summary>A method whose three decoders differ, each with logits on both sides of zero.</summary>
    private static AmbiSSLMethod Diverged(AmbiSSLOptions options)
    {
        var method = new AmbiSSLMethod(options, TinyData.Shape, annotators: 2, MaskClasses.One);
        using var generator = new Generator(1);
        method.Labels.Prune(generator);
        method.eval();
        using var gradients = no_grad();
        foreach (var parameter in method.Labels.Branches.SelectMany(branch => branch.Decoder.parameters()))
        {
            parameter.add_(randn(parameter.shape), alpha: 0.3);
        }

        var sets = method.Labels.PseudoLabels(
            method.Labels.Encoder.Encode(rand(2, 1, 16, 16)), zeros(2, 1, method.NoiseDimensions), new Dictionary<DecoderBranch, Tensor>());
        foreach (var (branch, logits) in method.Labels.Branches.Zip(sets.Logits))
        {
            var last = branch.Head.named_parameters().ToDictionary(named => named.name, named => named.parameter);
            last["last_layer.weight"].mul_(1 / logits.std());
            last["last_layer.bias"].sub_(logits.median()).mul_(1 / logits.std());
        }

        return method;
    }

    private static UnlabeledDraws Draws(AmbiSSLMethod method)
    {
        using var generator = new Generator(1);
        return UnlabeledDraws.Draw(LatentFamily.Laplace, 2, 2, method.NoiseDimensions, 2, new DeviceRandom(generator, CPU));
    }

    private static Tensor Codes(AmbiSSLMethod method, Tensor weak, UnlabeledDraws draws) =>
        method.Latent.UnlabeledPriors(weak)[0].Codes(draws.PseudoLabels).transpose(0, 1);

    private static PseudoLabelSets PseudoLabels(AmbiSSLMethod method, Tensor weak, UnlabeledDraws draws) =>
        method.Labels.PseudoLabels(method.Labels.Encoder.Encode(weak), Codes(method, weak, draws), new Dictionary<DecoderBranch, Tensor>());

    private static TrainingBatch RandomBatch() =>
        new(rand(2, 1, 16, 16), rand([2, 2, 1, 16, 16]).round(), rand(2, 1, 16, 16), rand(2, 1, 16, 16));

    private static float UnlabeledDice(AmbiSSLMethod method, TrainingBatch batch, UnlabeledDraws draws, string decoder) =>
        method.UnsupervisedPart(batch, draws, 1).Terms.Single(term => term.Name == $"unlabeled_dice_{decoder}").Value.item<float>();

    /// <summary>One minus the mean over foreground and background of 2 sum(pt) / (sum(p) + sum(t)): the weights of the generalized form cancel.</summary>
    private static float GeneralizedDice(Tensor probability, Tensor truth)
    {
        static Tensor Dice(Tensor p, Tensor t) => 2 * (p * t).sum() / (p.sum() + t.sum());
        return (1 - ((Dice(probability, truth) + Dice(1 - probability, 1 - truth)) / 2)).item<float>();
    }
}
