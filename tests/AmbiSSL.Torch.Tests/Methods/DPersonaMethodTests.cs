using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class DPersonaMethodTests : TorchFixture
{
    private const int Annotators = 2;

    private static readonly DPersonaOptions Options = (DPersonaOptions)RegisteredMethods.Options(DPersonaOptions.Word) with { Epochs = 4 };

    [Test]
    public void It_is_validated_when_its_heads_have_learned_to_the_end()
    {
        var validated = new List<int>();
        var progress = new Reporter(p =>
        {
            if (p.Validation is not null)
            {
                validated.Add(p.Epoch);
            }
        });

        var images = TinyData.Images(TinyData.Shape);
        using var model = SegmentationTrainer.Fit(images, Options, new RunOptions { Progress = progress }, images);

        Assert.That((validated, model.TrainedEpochs), Is.EqualTo((new List<int> { 4 }, 4)));
    }

    [Test]
    public void Attention_is_the_softmax_weighted_mean_of_the_codes()
    {
        var (query, codes) = (randn(3, 4), randn(3, 7, 4));

        var attended = ManagedDice.Values(ProjectionHead.Attend(query, codes));

        var (q, z) = (ManagedDice.Values(query), ManagedDice.Values(codes));
        for (var image = 0; image < 3; image++)
        {
            float Code(int k, int d) => z[(((image * 7) + k) * 4) + d];
            double Product(int k) => Enumerable.Range(0, 4).Sum(d => q[(image * 4) + d] * Code(k, d));
            double[] weights = [.. Enumerable.Range(0, 7).Select(k => Math.Exp(Product(k)))];
            for (var d = 0; d < 4; d++)
            {
                var expected = Enumerable.Range(0, 7).Sum(k => weights[k] / weights.Sum() * Code(k, d));
                Assert.That(attended[(image * 4) + d], Is.EqualTo(expected).Within(1e-5));
            }
        }
    }

    [TestCase(0.1)]
    [TestCase(1)]
    [TestCase(30)]
    public void Attention_stays_inside_the_convex_hull_of_the_codes(double sharpness)
    {
        var (query, codes) = (randn(20, 2) * sharpness, randn(20, 12, 2));

        var attended = ManagedDice.Values(ProjectionHead.Attend(query, codes));

        var z = ManagedDice.Values(codes);
        for (var image = 0; image < 20; image++)
        {
            (double X, double Y)[] points = [.. Enumerable.Range(image * 12, 12).Select(k => ((double)z[2 * k], (double)z[(2 * k) + 1]))];
            Assert.That(Outside(points, (attended[2 * image], attended[(2 * image) + 1])), Is.LessThan(1e-5));
        }
    }

    [Test]
    public void Stage_two_leaves_stage_one_and_the_running_statistics_as_they_are()
    {
        // Two epochs of stage 1 in either run, then one or two of stage 2. A head of four channels may be dead.
        var options = Options with { Backbone = new UNetBackbone { Filters = [16, 4, 4], ConvolutionsPerBlock = 1 } };
        var shorter = State(options with { Epochs = 3, PersonalizationFraction = 0.3 });
        var longer = State(options with { Epochs = 4, PersonalizationFraction = 0.5 });

        bool IsProjection(string name) => name.StartsWith("proj.", StringComparison.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(shorter.Keys, Has.Some.EndsWith("running_mean"));
            foreach (var (name, values) in shorter)
            {
                Assert.That(longer[name], IsProjection(name) ? Is.Not.EqualTo(values) : Is.EqualTo(values), name);
            }
        });
    }

    [Test]
    public void Stage_one_leaves_the_projection_heads_as_they_are()
    {
        using var method = new DPersonaMethod(Options, TinyData.Shape, Annotators, MaskClasses.One);
        using var generator = new Generator(1);

        method.BeginEpoch(0, generator);
        method.Whole(Batch(), new StepContext(0, 4, new DeviceRandom(generator, CPU))).Total.backward();

        Assert.That(
            method.named_parameters().Where(named => named.parameter.grad is null).Select(named => named.name),
            Is.Not.Empty.And.All.StartsWith("proj."));
    }

    [Test]
    public void In_stage_two_only_the_projection_heads_have_gradients()
    {
        using var method = new DPersonaMethod(Options, TinyData.Shape, Annotators, MaskClasses.One);
        using var generator = new Generator(1);
        method.Whole(Batch(), new StepContext(0, 4, new DeviceRandom(generator, CPU))).Total.backward();
        new AdamOptimizer(method.ParameterGroups(), learningRate: 1).ForgetGradients();

        method.BeginEpoch(2, generator);
        method.Whole(Batch(), new StepContext(2, 4, new DeviceRandom(generator, CPU))).Total.backward();

        var byGradient = method.named_parameters().ToLookup(named => named.parameter.grad is not null, named => named.name);
        Assert.That(byGradient[true], Is.Not.Empty.And.All.StartsWith("proj."));
        Assert.That(byGradient[false], Is.Not.Empty.And.None.StartsWith("proj."));
    }

    [Test]
    public void Loss_of_stage_two_falls()
    {
        var losses = new List<double>();
        var options = Options with { Epochs = 20, Training = Options.Training with { LearningRate = 1e-2 } };
        var run = new RunOptions
        {
            Progress = new Reporter(progress =>
            {
                if (progress.IsEpochEnd && progress.Losses.TryGetValue("dice_annotators", out var loss))
                {
                    losses.Add(loss);
                }
            }),
        };
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape, count: 16), options, run);

        Assert.That(losses, Has.Count.EqualTo(10));
        Assert.That(losses.TakeLast(3).Average(), Is.LessThan(losses[0]));
    }

    [Test]
    public void Each_readers_target_is_its_own_mask()
    {
        using var method = new DPersonaMethod(Options, TinyData.Shape, Annotators, MaskClasses.One);
        var batch = Batch();

        foreach (var annotations in (Tensor[])[batch.Annotations, batch.Annotations.flip(1)])
        {
            var loss = Personalization(method, batch with { Annotations = annotations });
            Assert.That(loss, Is.EqualTo(Expected(method, batch.LabeledImages, annotations)).Within(1e-5));
        }
    }

    [Test]
    public void Without_readers_the_first_target_is_the_largest_mask_at_whatever_place()
    {
        using var method = new DPersonaMethod(Options, TinyData.Shape, Annotators, MaskClasses.One);
        var images = rand(2, 1, 16, 16);
        var largestFirst = cat([rand(2, 1, 16, 16).lt(0.7), rand(2, 1, 16, 16).lt(0.3)], 1).to(ScalarType.Float32).unsqueeze(2);

        var expected = Expected(method, images, largestFirst);
        Assert.That(Personalization(method, new TrainingBatch(images, largestFirst, null, null)), Is.EqualTo(expected).Within(1e-5));
        Assert.That(Personalization(method, new TrainingBatch(images, largestFirst.flip(1), null, null)), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void A_reader_learns_from_the_images_that_have_its_mask()
    {
        using var method = new DPersonaMethod(Options, TinyData.Shape, annotators: 3, MaskClasses.One);
        var batch = new TrainingBatch(rand(2, 1, 16, 16), rand([2, 3, 1, 16, 16]).round(), null, null, null, IsByReader: true);

        // The first reader outlined both images, the second only the second, the third none.
        var loss = Personalization(method, batch with { Own = tensor((float[])[1, 0, 0, 1, 1, 0]).view(2, 3) });

        var probabilities = Probabilities(method, batch.LabeledImages);
        var expected = ManagedDice.Foregrounds(
        [
            (Values(probabilities.select(1, 0)), Values(batch.Annotations.select(1, 0))),
            (Values(probabilities[1, 1]), Values(batch.Annotations[1, 1])),
        ]);
        Assert.That(loss, Is.EqualTo(expected).Within(1e-5));
    }

    [TestCase(4, 0.5, 2)]
    [TestCase(10, 0.3, 7)]
    [TestCase(10, 0, 9)]
    [TestCase(10, 1, 1)]
    [TestCase(2, 0.9, 1)]
    public void Each_stage_has_its_epochs_and_a_learning_rate_that_falls_over_them(int epochs, double fraction, int firstStage)
    {
        using var method = new DPersonaMethod(
            Options with { Epochs = epochs, PersonalizationFraction = fraction }, TinyData.Shape, Annotators, MaskClasses.One);

        for (var epoch = 0; epoch < epochs; epoch++)
        {
            Assert.That(
                method.LearningRateSpan(epoch, epochs), Is.EqualTo(epoch < firstStage ? (0, firstStage) : (firstStage, epochs - firstStage)));
        }
    }

    [Test]
    public void Defaults_are_those_of_the_released_code()
    {
        var options = new DPersonaOptions();

        Assert.That(
            (options.Beta, options.BoundSamples, options.PersonalizationFraction, options.TrainingCodes, options.PredictionCodes),
            Is.EqualTo((0.5, 10, 0.5, 100, 500)));
        using var method = new DPersonaMethod(Options, TinyData.Shape, Annotators, MaskClasses.One);
        Assert.That((method.AnnotatorNoiseVectors, options.KnowsAnnotators), Is.EqualTo((500, true)));
    }

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        TestCaseData Case(DPersonaOptions options, string message) => new TestCaseData(options, message).SetArgDisplayNames(message);
        yield return Case(
            Options with { Epochs = 1 },
            "Option Epochs is 1; it must be a number of at least 2, since each of the two stages needs an epoch.");
        yield return Case(Options with { Beta = -1 }, "Option Beta is -1; it must be a number of at least 0.");
        yield return Case(Options with { BoundSamples = 0 }, "Option BoundSamples is 0; it must be a number of at least 1.");
        yield return Case(
            Options with { PersonalizationFraction = 1.5 },
            "Option PersonalizationFraction is 1.5; it must be a number from 0 to 1.");
        yield return Case(Options with { TrainingCodes = 0 }, "Option TrainingCodes is 0; it must be a number from 1 to 100000.");
        yield return Case(Options with { PredictionCodes = 0 }, "Option PredictionCodes is 0; it must be a number from 1 to 100000.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused(DPersonaOptions options, string message) =>
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.StartsWith(message));

    private static TrainingBatch Batch() =>
        new(rand(2, 1, 16, 16), rand([2, Annotators, 1, 16, 16]).round(), null, null, null, IsByReader: true);

    private static Tensor Noise() => ones(2, 5, Options.LatentDimensions);

    private static float Personalization(DPersonaMethod method, TrainingBatch batch) => method.Personalization(batch, Noise()).item<float>();

    /// <summary>Dice of the predicted annotators' masks, by the running statistics, against these.</summary>
    private static double Expected(DPersonaMethod method, Tensor images, Tensor annotations)
    {
        var probabilities = Probabilities(method, images);
        return ManagedDice.Foregrounds(Enumerable.Range(0, Annotators).Select(a => (Values(probabilities.select(1, a)), Values(annotations.select(1, a)))));
    }

    private static Tensor Probabilities(DPersonaMethod method, Tensor images)
    {
        method.eval();
        var probabilities = method.AnnotatorProbabilities(images, Noise());
        method.train();
        return probabilities;
    }

    private static double[] Values(Tensor masks) => [.. ManagedDice.Values(masks).Select(value => (double)value)];

    private static Dictionary<string, float[]> State(DPersonaOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape, annotators: Annotators), options);
        return model.Method.state_dict().ToDictionary(
            named => named.Key, named => ManagedDice.Values(named.Value.to(ScalarType.Float32)));
    }

    /// <summary>How far a point lies outside the convex hull of others, at most: over all edges of the hull, its distance beyond the edge.</summary>
    private static double Outside((double X, double Y)[] points, (double X, double Y) point)
    {
        static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) =>
            ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
        var edges = from a in points
                    from b in points
                    where a != b && points.All(c => Turn(a, b, c) >= 0)
                    select -Turn(a, b, point) / Math.Sqrt(Math.Pow(b.X - a.X, 2) + Math.Pow(b.Y - a.Y, 2));
        return edges.Max();
    }
}
