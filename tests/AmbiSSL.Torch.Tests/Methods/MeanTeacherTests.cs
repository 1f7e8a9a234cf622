using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Training;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>Unlabeled images taught by the average of the weights.</summary>
internal sealed class MeanTeacherTests : FolderFixture
{
    private const int Samples = 6;

    private IDisposable _scope = null!;

    private static AmbiSSLOptions Options { get; } = TinyData.Options with
    {
        MeanTeacher = new MeanTeacherOptions { Samples = Samples },
        Training = TinyData.Options.Training with { WeightAveraging = 0.9 },
    };

    [SetUp]
    public void Begin() => _scope = NewDisposeScope();

    [TearDown]
    public void End() => _scope.Dispose();

    [Test]
    public void The_learners_and_what_they_share_learn_and_theta_and_the_teacher_do_not()
    {
        using var student = Method();
        using var teacher = Method();

        Supervision(student).Loss(Batch(), teacher, Random(), new LossTerms()).backward();

        string[] learned =
            [.. student.named_parameters().Where(named => named.parameter.grad is not null).Select(named => string.Join('.', named.name.Split('.').Take(2)))];
        Assert.That(
            learned.Distinct(),
            Is.EquivalentTo((string[])["enc.blocks", "dec.phi", "dec.xi", "seg.phi", "seg.xi", "prior.encoder", "prior.head"]));
        Assert.That(teacher.parameters().Select(parameter => parameter.grad), Is.All.Null);
    }

    [Test]
    public void The_teacher_gives_sets_of_masks_and_stays_in_evaluation_with_its_weights()
    {
        using var student = Method();
        using var teacher = Method();
        teacher.eval();
        var before = teacher.parameters().Select(parameter => parameter.detach().clone()).ToArray();

        var taught = Supervision(student).Teach(rand(2, 1, 16, 16), teacher, Random());

        Assert.That(taught.shape[..2], Is.EqualTo(new long[] { 2, Samples }));
        Assert.That(taught.mul(1 - taught).abs().max().item<float>(), Is.Zero, "0 or 1");
        Assert.That(taught.mean().item<float>(), Is.InRange(0.01f, 0.99f));
        Assert.That(teacher.modules().Any(module => module.training), Is.False);
        Assert.That(teacher.parameters().Zip(before).All(pair => pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Test]
    public void Decoders_to_which_a_code_means_different_things_draw_the_set_in_turns()
    {
        using var student = Method();
        using var teacher = Method();
        var weak = rand(2, 1, 16, 16);
        var recorded = new Recorder(Random());

        var taught = new MeanTeacherSupervision(Options.MeanTeacher!, Options.EnergySamples, student, inTurns: true).Teach(weak, teacher, recorded);

        var noise = cat([recorded.Drawn[0], recorded.Drawn[0].negative()], 1);
        teacher.train();
        var features = teacher.Labels.Branches.Select(branch => branch.Decoder.Decode(teacher.Labels.Encoder.Encode(weak))).ToArray();
        for (var mask = 0; mask < Samples; mask++)
        {
            var codes = teacher.Latent.PriorCodes(weak, noise.narrow(1, mask, 1));
            var own = teacher.Labels.Branches[mask % 3].Head.Infer(features[mask % 3], codes).gt(0).to(ScalarType.Float32);
            Assert.That((taught.narrow(1, mask, 1) - own).abs().mean().item<float>(), Is.LessThan(0.01), $"mask {mask}");
        }
    }

    /// <summary>The same networks in evaluation see other statistics.</summary>
    [Test]
    public void The_teacher_normalizes_by_the_views_that_it_sees()
    {
        using var student = Method();
        using var teacher = Method();
        var weak = rand(2, 1, 16, 16);
        teacher.train();
        var expected = Supervision(student).Teach(weak, teacher, Random());
        teacher.eval();

        Assert.That(Supervision(student).Teach(weak, teacher, Random()).equal(expected).all().item<bool>());
        Assert.That(teacher.buffers().First(buffer => buffer.is_floating_point()).abs().sum().item<float>(), Is.GreaterThan(0), "running statistics of its own");
    }

    [Test]
    public void Where_a_labeled_image_is_pasted_all_over_xi_learns_the_distribution_of_its_annotations()
    {
        using var student = Method();
        using var teacher = Method();
        var batch = Batch();
        var pasted = batch with { StrongImages = batch.LabeledImages, Pasted = ones([2, 1, 1, 16, 16], ScalarType.Bool) };
        var terms = new LossTerms();
        var recorded = new Recorder(Random());
        Supervision(student).Loss(pasted, teacher, recorded, terms);

        // Of what was drawn the last is xi's: half of the noise, whose opposite is the rest.
        var noise = cat([recorded.Drawn[^1], recorded.Drawn[^1].negative()], 1).narrow(1, 0, Options.EnergySamples);
        var xi = student.Labels.Branches[2];
        var features = xi.Decoder.Decode(student.Labels.Encoder.Encode(pasted.LabeledImages));
        var logits = xi.Head.call(features, student.Latent.PriorCodes(pasted.LabeledImages, noise));
        var expected = EnergyDistance.Compute(logits, pasted.Annotations);

        Assert.That(terms.Sum(zeros(1)).Terms.Single(term => term.Name == "unlabeled_energy_xi").Value.item<float>(), Is.EqualTo(expected.item<float>()).Within(1e-5));
    }

    /// <summary>A recording is here the same work on the same tensors, done again; the teacher follows outside of it.</summary>
    [Test]
    public void Recorded_steps_are_those_that_are_taken_one_by_one() => Assert.That(Losses(isRecorded: true), Is.EqualTo(Losses(isRecorded: false)));

    [Test]
    public void Annotations_that_are_pasted_take_as_many_places_as_the_teachers_masks()
    {
        using var student = Method();
        using var teacher = Method();
        var annotations = rand([2, 4, 1, 16, 16]).gt(linspace(0.2, 0.8, 4).view(1, 4, 1, 1, 1)).to(ScalarType.Float32);
        var batch = Batch() with { Annotations = annotations, Pasted = ones([2, 1, 1, 16, 16], ScalarType.Bool) };
        var six = batch with { Annotations = annotations.index_select(1, tensor(new long[] { 0, 0, 1, 2, 2, 3 })) };

        Assert.That(Energy(batch), Is.EqualTo(Energy(six)));

        float Energy(TrainingBatch of)
        {
            var terms = new LossTerms();
            Supervision(student).Loss(of, teacher, Random(), terms);
            return terms.Sum(zeros(1)).Terms.Single(term => term.Name == "unlabeled_energy_xi").Value.item<float>();
        }
    }

    [Test]
    public void Whole_channels_are_taken_away_and_the_others_make_up_for_them()
    {
        using var student = Method();
        var supervision = new MeanTeacherSupervision(new MeanTeacherOptions { FeatureDropout = 0.75 }, 4, student);
        var pyramid = new FeaturePyramid([ones(40, 50, 3, 2), ones(40, 60, 2, 1)], 3, 2);

        var dropped = supervision.Drop(pyramid, Random());

        foreach (var level in dropped.Levels)
        {
            Assert.That(level.amax([2, 3]).equal(level.amin([2, 3])).all().item<bool>(), "a channel is taken away as a whole");
            Assert.That(level.unique().output.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 4 }));
            Assert.That(level.mean().item<float>(), Is.EqualTo(1).Within(0.15));
        }
    }

    [Test]
    public void Patches_of_the_strong_view_are_hidden()
    {
        using var student = Method();
        var supervision = new MeanTeacherSupervision(new MeanTeacherOptions { MaskedShare = 0.5, PatchSize = 4 }, 4, student);
        var images = rand(50, 1, 16, 16);

        var shown = supervision.Hide(images, Random());

        var hidden = shown.ne(images);
        Assert.That(hidden.to(ScalarType.Float32).mean().item<float>(), Is.EqualTo(0.5).Within(0.06));
        Assert.That(where(hidden, shown - images.mean([2, 3], keepdim: true), zeros_like(shown)).abs().max().item<float>(), Is.LessThan(1e-6), "the mean is there");
    }

    [Test]
    public void It_trains_and_says_how_far_the_learners_are_from_the_teacher()
    {
        var terms = new Dictionary<string, double>();

        using var model = SegmentationTrainer.Fit(TinyRun.Images, Options, new RunOptions { Progress = new Reporter(p => terms = new(p.Losses)) });

        Assert.That(terms.Keys, Does.Contain("unlabeled_energy_phi").And.Contain("unlabeled_energy_xi").And.Not.Contain("unlabeled_dice_phi"));
        Assert.That(model.Method.parameters().All(parameter => parameter.isfinite().all().item<bool>()));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void It_teaches_several_classes(bool overlap)
    {
        var losses = new Dictionary<string, double>();
        using var images = TinyData.Images(TinyData.Shape, new MaskClasses(["upper", "lower"], overlap));

        using var model = SegmentationTrainer.Fit(images, Options, new RunOptions { Progress = new Reporter(p => losses = new(p.Losses)) });

        Assert.That(losses["unlabeled_energy_xi"], Is.InRange(0, 1));
    }

    [Test]
    public void A_run_in_pieces_ends_with_the_same_bits()
    {
        var (result, _) = TinyRun.TrainInPieces(Options, new RunOptions { CheckpointDirectory = Folder.Path });

        result.AssertEquals(TinyRun.Train(Options));
    }

    [Test]
    public void Without_an_average_there_is_no_teacher() => Assert.That(
        (Options with { Training = TinyData.Options.Training }).Validate,
        Throws.ArgumentException.With.Message.Contains("it must be null where WeightAveraging is, since the teacher is that average"));

    [Test]
    public void The_weight_of_a_divergence_that_it_does_not_have_is_refused() => Assert.That(
        (Options with { CrossSupervision = CrossSupervision.Printed, AlphaUnlabeled = 0.5 }).Validate,
        Throws.ArgumentException.With.Message.StartsWith("Option AlphaUnlabeled is 0.5; it must be 0 where there is a MeanTeacher, "));

    [TestCase(7, 0.5, "Samples is 7")]
    [TestCase(0, 0.5, "Samples is 0")]
    [TestCase(8, 1.0, "FeatureDropout is 1")]
    public void Options_out_of_range_are_refused(int samples, double dropout, string message) => Assert.That(
        (Options with { MeanTeacher = new MeanTeacherOptions { Samples = samples, FeatureDropout = dropout } }).Validate,
        Throws.ArgumentException.With.Message.StartsWith($"Option {message}; "));

    /// <summary>Networks that take about half of the pixels for foreground.</summary>
    private static AmbiSSLMethod Method()
    {
        var method = new AmbiSSLMethod(Options, TinyData.Shape, annotators: 2, MaskClasses.One);
        using var gradients = no_grad();
        foreach (var (_, bias) in method.named_parameters().Where(named => named.name.EndsWith("last_layer.bias", StringComparison.Ordinal)))
        {
            bias.zero_();
        }

        return method;
    }

    /// <summary>The losses of four steps with other batches.</summary>
    private static float[] Losses(bool isRecorded)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var student = Method();
        using var teacher = Method();
        var optimization = new OptimizationStep(student, new AdamOptimizer(student.ParameterGroups(), learningRate: 0.01));
        var average = new AveragedWeights(student, teacher, decay: 0.5);
        using var recorder = isRecorded ? new StepRecorder(optimization.Run, Repeated.Record) : null;
        var context = new StepContext(TinyData.Options.Epochs - 1, TinyData.Options.Epochs, Random(), teacher);
        student.train();
        return [.. Enumerable.Range(0, 4).Select(_ =>
        {
            using var step = NewDisposeScope();
            using var batch = Batch();
            var loss = (recorder?.Run(batch, context) ?? optimization.Run(batch, context)).Total.item<float>();
            average.Follow();
            return loss;
        })];
    }

    private static MeanTeacherSupervision Supervision(AmbiSSLMethod student) => new(Options.MeanTeacher!, Options.EnergySamples, student);

    private static DeviceRandom Random() => new(new Generator(3), CPU);

    private static TrainingBatch Batch()
    {
        var (images, annotations) = (rand(2, 1, 16, 16), rand([2, 2, 1, 16, 16]).round());
        return new TrainingBatch(images, annotations, rand(2, 1, 16, 16), rand(2, 1, 16, 16), zeros([2, 1, 1, 16, 16], ScalarType.Bool));
    }

    private sealed class Repeated(Action work) : IRecordedWork
    {
        public static IRecordedWork Record(Action rehearsal, Action work, IRecordedWork? before)
        {
            rehearsal();
            return new Repeated(work);
        }

        public void Replay() => work();

        public void Dispose()
        {
        }
    }

    private sealed class Recorder(IRandomTensors random) : IRandomTensors
    {
        public List<Tensor> Drawn { get; } = [];

        public Tensor Draw(Func<Generator, Tensor> draw)
        {
            Drawn.Add(random.Draw(draw));
            return Drawn[^1];
        }
    }
}
