using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>The unlabeled halves of the three baselines, held against sums over arrays.</summary>
public sealed class SemiSupervisedMethodTests : TorchFixture
{
    private const int Annotators = 3;
    private const double Threshold = 0.75;

    private static readonly SelfTrainingOptions SelfTraining =
        (SelfTrainingOptions)RegisteredMethods.Options(SelfTrainingOptions.Word) with { ConfidenceThreshold = Threshold };

    private static readonly ConsistencyRegularizationOptions Consistency =
        (ConsistencyRegularizationOptions)RegisteredMethods.Options(ConsistencyRegularizationOptions.Word) with { ConfidenceThreshold = Threshold };

    private static readonly CrossPseudoSupervisionOptions CrossPseudo =
        (CrossPseudoSupervisionOptions)RegisteredMethods.Options(CrossPseudoSupervisionOptions.Word);

    private static IEnumerable<TestCaseData> Baselines() =>
        ((SemiSupervisedOptions[])[SelfTraining, CrossPseudo, Consistency])
            .Select(options => new TestCaseData(options).SetArgDisplayNames(options.MethodName));

    [Test]
    public void Self_training_learns_its_own_confident_labels_of_the_same_view()
    {
        using var method = new SelfTrainingMethod(SelfTraining, TinyData.Shape, Annotators, MaskClasses.One);
        var (weak, strong, codes) = Views();

        AssertConfidentPixelsAreLearned(method, weak, strong, codes, learnedView: weak);
    }

    [Test]
    public void Consistency_learns_confident_labels_of_the_weak_view_from_the_strong_one()
    {
        using var method = new ConsistencyRegularizationMethod(Consistency, TinyData.Shape, Annotators, MaskClasses.One);
        var (weak, strong, codes) = Views();

        AssertConfidentPixelsAreLearned(method, weak, strong, codes, learnedView: strong);
    }

    [Test]
    public void Consistency_learns_every_pixel_of_the_annotations_where_the_labeled_image_is_pasted()
    {
        using var method = new ConsistencyRegularizationMethod(Consistency, TinyData.Shape, Annotators, MaskClasses.One);
        var (weak, strong, codes) = Views();
        var (annotations, pasted) = (rand([2, Annotators, 1, 16, 16]).round(), rand([2, 1, 1, 16, 16]).lt(0.5));
        Spread(method, method.Network, weak, codes);
        float[] probabilities = [.. Predicted(method.Network, weak, codes).Select(logit => (float)ManagedDice.Sigmoid(logit))];
        var (outlines, isPasted) = (annotations.data<float>().ToArray(), pasted.expand(2, Annotators, 1, 16, 16).contiguous().data<bool>().ToArray());
        float[] labels = [.. probabilities.Select((p, i) => isPasted[i] ? outlines[i] : p > 0.5 ? 1f : 0f)];
        bool[] counted = [.. probabilities.Select((p, i) => isPasted[i] || p is >= (float)Threshold or <= 1 - (float)Threshold)];

        var loss = Unsupervised(method, new TrainingBatch(strong, annotations, weak, strong, pasted), codes).Total.item<float>();

        var logits = ManagedDice.Values(method.Network.Logits(strong, codes));
        Assert.That(loss, Is.EqualTo(ManagedDice.ForegroundAndBackground(logits, labels, counted)).Within(1e-5));
    }

    [Test]
    public void In_cross_pseudo_supervision_each_network_learns_every_pixel_of_the_others_labels()
    {
        using var method = new CrossPseudoSupervisionMethod(CrossPseudo, TinyData.Shape, Annotators, MaskClasses.One);
        var (weak, strong, codes) = Views();
        float[] Labels(SegmentationNetwork network) => [.. Predicted(network, weak, codes).Select(logit => logit > 0 ? 1f : 0f)];
        Spread(method, method.Network, weak, codes);
        Spread(method, method.Second, weak, codes);
        var (first, second) = (Labels(method.Network), Labels(method.Second));
        Assert.That(first, Has.Some.EqualTo(0f).And.Some.EqualTo(1f).And.Not.EqualTo(second));

        var losses = Unsupervised(method, weak, strong, codes);

        Assert.Multiple(() =>
        {
            Assert.That(
                Term(losses, "unlabeled_dice_first").item<float>(),
                Is.EqualTo(ManagedDice.ForegroundAndBackground(ManagedDice.Values(method.Network.Logits(weak, codes)), second)).Within(1e-5));
            Assert.That(
                Term(losses, "unlabeled_dice_second").item<float>(),
                Is.EqualTo(ManagedDice.ForegroundAndBackground(ManagedDice.Values(method.Second.Logits(weak, codes)), first)).Within(1e-5));
        });
    }

    [TestCase("unlabeled_dice_first", "net.")]
    [TestCase("unlabeled_dice_second", "second.")]
    public void In_cross_pseudo_supervision_no_gradient_reaches_the_teacher(string term, string learner)
    {
        using var method = new CrossPseudoSupervisionMethod(CrossPseudo, TinyData.Shape, Annotators, MaskClasses.One);
        var (weak, strong, codes) = Views();

        Term(Unsupervised(method, weak, strong, codes), term).backward();

        Assert.That(WithGradient(method).Select(name => name[..learner.Length]), Is.Not.Empty.And.All.EqualTo(learner));
    }

    [Test]
    public void The_two_networks_start_from_different_weights()
    {
        using var method = new CrossPseudoSupervisionMethod(CrossPseudo, TinyData.Shape, Annotators, MaskClasses.One);

        foreach (var (first, second) in method.Network.parameters().Zip(method.Second.parameters()).Where(pair => pair.First.dim() == 4))
        {
            Assert.That(first.eq(second).all().item<bool>(), Is.False);
        }
    }

    [TestCaseSource(nameof(Baselines))]
    public void Prior_and_posterior_learn_nothing_from_unlabeled_images(SemiSupervisedOptions options)
    {
        using var method = (SemiSupervisedMethod)options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);
        var (weak, strong, codes) = Views();
        Spread(method, method.Network, weak, codes);

        Unsupervised(method, weak, strong, codes).Total.backward();

        Assert.That(
            WithGradient(method),
            Is.Not.Empty.And.None.StartsWith("prior").And.None.StartsWith("posterior"));
    }

    [TestCaseSource(nameof(Baselines))]
    public void Unlabeled_images_join_after_the_warm_up_with_the_ramp_of_the_epoch(SemiSupervisedOptions options)
    {
        using var method = (SemiSupervisedMethod)options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);

        var warmUp = Step(method, epoch: 2);
        var joined = Step(method, epoch: 4);

        Assert.Multiple(() =>
        {
            Assert.That(method.UsesUnlabeled(2), Is.False);
            Assert.That(method.UsesUnlabeled(3), Is.True);
            Assert.That(Sum(warmUp, "unlabeled"), Is.Zero);
            Assert.That(Sum(joined, "unlabeled"), Is.GreaterThan(0));
            Assert.That(
                joined.Total.item<float>(),
                Is.EqualTo(
                    Sum(joined, "kl") + Sum(joined, "dice") + (0.5 * Sum(joined, "bound")) + (4 * Sum(joined, "energy"))
                    + (1e-5 * Sum(joined, "regularization"))
                    + (Math.Exp(-5 * Math.Pow(1 - (4 / 8.0), 2)) * Sum(joined, "unlabeled"))).Within(1e-5));
        });
    }

    [TestCaseSource(nameof(Baselines))]
    public void A_view_that_teaches_and_is_learned_from_is_seen_once(SemiSupervisedOptions options)
    {
        using var method = (SemiSupervisedMethod)options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);

        var passes = NormalizationPasses.During(method, () => Step(method, epoch: 4));

        var views = options is ConsistencyRegularizationOptions ? 2 : 1;
        Assert.That(passes.Values, Is.Not.Empty.And.All.EqualTo(1 + views), "labeled images, and each unlabeled view that has a part");
    }

    [Test]
    public void Defaults_are_those_of_AmbiSSL_and_of_the_baselines_own_papers()
    {
        var ambiSSL = new AmbiSSLOptions();
        SemiSupervisedOptions[] baselines = [new SelfTrainingOptions(), new CrossPseudoSupervisionOptions(), new ConsistencyRegularizationOptions()];
        foreach (var options in baselines)
        {
            Assert.That(
                (options.AlphaLabeled, options.Beta, options.BoundSamples, options.EnergyWeight, options.WarmUpEpochs, options.UnsupervisedWeight),
                Is.EqualTo((ambiSSL.AlphaLabeled, ambiSSL.Beta, ambiSSL.BoundSamples, ambiSSL.EnergyWeight, ambiSSL.WarmUpEpochs, ambiSSL.UnsupervisedWeight)));
        }

        Assert.That(new SelfTrainingOptions().ConfidenceThreshold, Is.EqualTo(0.95));
        Assert.That(new ConsistencyRegularizationOptions().ConfidenceThreshold, Is.EqualTo(0.95));
    }

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        TestCaseData Case(SegmentationOptions options, string message) =>
            new TestCaseData(options, message).SetArgDisplayNames(options.MethodName, message);
        const string Confidence = "Option ConfidenceThreshold is 0.4; it must be a number from 0.5 to 1.";
        yield return Case(SelfTraining with { ConfidenceThreshold = 0.4 }, Confidence);
        yield return Case(Consistency with { ConfidenceThreshold = 0.4 }, Confidence);
        yield return Case(
            Consistency with { ConfidenceThreshold = double.NaN },
            "Option ConfidenceThreshold is NaN; it must be a number from 0.5 to 1.");
        yield return Case(CrossPseudo with { AlphaLabeled = -1 }, "Option AlphaLabeled is -1; it must be a number of at least 0.");
        yield return Case(CrossPseudo with { Beta = -1 }, "Option Beta is -1; it must be a number of at least 0.");
        yield return Case(CrossPseudo with { BoundSamples = 0 }, "Option BoundSamples is 0; it must be a number of at least 1.");
        yield return Case(CrossPseudo with { EnergyWeight = double.NaN }, "Option EnergyWeight is NaN; it must be a number of at least 0.");
        yield return Case(CrossPseudo with { EnergySamples = 1 }, "Option EnergySamples is 1; it must be a number of at least 2.");
        yield return Case(CrossPseudo with { WarmUpEpochs = -1 }, "Option WarmUpEpochs is -1; it must be a number of at least 0.");
        yield return Case(CrossPseudo with { UnsupervisedWeight = -1 }, "Option UnsupervisedWeight is -1; it must be a number of at least 0.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused(SegmentationOptions options, string message) =>
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.StartsWith(message));

    /// <summary>The loss is the Dice of the pixels alone whose probability, as it is in training, passes the threshold on either side.</summary>
    private static void AssertConfidentPixelsAreLearned(
        SemiSupervisedMethod method, Tensor weak, Tensor strong, Tensor codes, Tensor learnedView)
    {
        Spread(method, method.Network, weak, codes);
        double[] probabilities = [.. Predicted(method.Network, weak, codes).Select(logit => ManagedDice.Sigmoid(logit))];
        bool[] counted = [.. probabilities.Select(p => p is >= Threshold or <= 1 - Threshold)];
        float[] labels = [.. probabilities.Select(p => p > 0.5 ? 1f : 0f)];
        Assert.That(counted, Has.Some.True.And.Some.False);
        Assert.That(labels, Has.Some.EqualTo(0f).And.Some.EqualTo(1f));

        var loss = Unsupervised(method, weak, strong, codes).Total.item<float>();

        var logits = ManagedDice.Values(method.Network.Logits(learnedView, codes));
        Assert.That(loss, Is.EqualTo(ManagedDice.ForegroundAndBackground(logits, labels, counted)).Within(1e-5));
    }

    /// <summary>Changes the last layer so that logits, which a fresh network has nearly constant, scatter about zero with deviation 2.</summary>
    private static void Spread(SemiSupervisedMethod method, SegmentationNetwork network, Tensor weak, Tensor codes)
    {
        using var gradients = no_grad();
        var logits = Evaluated(method, network, weak, codes);
        var mean = logits.Average();
        var scale = 2 / Math.Sqrt(logits.Average(logit => Math.Pow(logit - mean, 2)));
        Tensor Last(string name) => network.named_parameters().Single(named => named.name == $"seg.last_layer.{name}").parameter;
        Last("weight").mul_(scale);
        Last("bias").sub_(mean).mul_(scale);
    }

    private static (Tensor Weak, Tensor Strong, Tensor Codes) Views() =>
        (rand(2, 1, 16, 16), rand(2, 1, 16, 16), randn(2, Annotators, SelfTraining.LatentDimensions));

    /// <summary>Logits as they are in training.</summary>
    private static float[] Predicted(SegmentationNetwork network, Tensor images, Tensor codes) => ManagedDice.Values(network.Logits(images, codes));

    /// <summary>Logits by the running statistics of batch normalization.</summary>
    private static float[] Evaluated(SemiSupervisedMethod method, SegmentationNetwork network, Tensor images, Tensor codes)
    {
        method.eval();
        var logits = ManagedDice.Values(network.Logits(images, codes));
        method.train();
        return logits;
    }

    private static LossPart Unsupervised(SemiSupervisedMethod method, Tensor weak, Tensor strong, Tensor codes) =>
        Unsupervised(method, new TrainingBatch(weak, zeros([2, Annotators, 1, 16, 16]), weak, strong), codes);

    private static LossPart Unsupervised(SemiSupervisedMethod method, TrainingBatch batch, Tensor codes)
    {
        var terms = new LossTerms();
        return terms.Sum(method.Unsupervised(batch, codes, terms));
    }

    private static LossPart Step(SemiSupervisedMethod method, int epoch)
    {
        using var generator = new Generator(1);
        var batch = new TrainingBatch(rand(2, 1, 16, 16), rand([2, Annotators, 1, 16, 16]).round(), rand(2, 1, 16, 16), rand(2, 1, 16, 16));
        return method.Whole(batch, new StepContext(epoch, 8, new DeviceRandom(generator, CPU)));
    }

    private static Tensor Term(LossPart losses, string name) => losses.Terms.Single(term => term.Name == name).Value;

    /// <summary>Sum of the terms whose names begin so.</summary>
    private static double Sum(LossPart losses, string prefix) =>
        losses.Terms.Where(term => term.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(term => term.Value.item<float>());

    private static IEnumerable<string> WithGradient(nn.Module module) =>
        module.named_parameters()
            .Where(named => named.parameter.grad is { } gradient && gradient.ne(0).any().item<bool>())
            .Select(named => named.name);
}
