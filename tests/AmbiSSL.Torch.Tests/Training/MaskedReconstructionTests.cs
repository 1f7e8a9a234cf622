using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Restoring hidden patches of all images before a training.</summary>
internal sealed class MaskedReconstructionTests : FolderFixture
{
    private static readonly PretrainingOptions Short = new() { Epochs = 2, PatchSize = 4 };

    private static ProgressReporter Silent => new(TinyData.Options, new RunOptions(), CPU, Short);

    private static AmbiSSLOptions Options => Pretrained(TinyData.Options, Short);

    [Test]
    public void Whole_patches_are_hidden_and_about_the_share_that_is_asked_for()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var method = TinyData.Options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        var (encoder, decoder) = MaskedReconstruction.Pairs(method).First();
        var reconstruction = new MaskedReconstruction(new PretrainingOptions { MaskedShare = 0.7, PatchSize = 8 }, encoder, decoder, 1, generator);

        var hidden = reconstruction.Hide(zeros(200, 1, 20, 28), generator).to(ScalarType.Float32);

        var patches = nn.functional.pad(hidden, [0, 4, 0, 4], PaddingModes.Replicate).unfold(2, 8, 8).unfold(3, 8, 8);
        Assert.That(hidden.shape, Is.EqualTo(new long[] { 200, 1, 20, 28 }));
        Assert.That(patches.amax([4, 5]).allclose(patches.amin([4, 5])), "a patch is hidden as a whole");
        Assert.That(hidden.mean().item<float>(), Is.EqualTo(0.7).Within(0.03));
    }

    [Test]
    public void What_is_hidden_is_not_seen()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator(1);
        using var method = TinyData.Options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        method.eval();
        var (encoder, decoder) = MaskedReconstruction.Pairs(method).First();
        var reconstruction = new MaskedReconstruction(Short, encoder, decoder, 1, generator);
        var hidden = zeros(1, 1, 16, 16, ScalarType.Bool);
        hidden.narrow(3, 0, 8).fill_(true);
        var image = full([1, 1, 16, 16], 0.5f);
        var other = image.clone();
        other[0, 0, 3, 4] = 0.75f;
        other[0, 0, 9, 2] = 0.25f;

        // Both show the mean, a half, wherever something is hidden: the errors differ by what the two pixels are off alone.
        var prediction = reconstruction.Restore(image, hidden);
        var difference = reconstruction.Loss(other, hidden).item<float>() - reconstruction.Loss(image, hidden).item<float>();

        var (first, second) = (prediction[0, 0, 3, 4].item<float>() - 0.5, prediction[0, 0, 9, 2].item<float>() - 0.5);
        var expected = ((first - 0.25) * (first - 0.25)) - (first * first) + ((second + 0.25) * (second + 0.25)) - (second * second);
        Assert.That(difference, Is.EqualTo(expected / 128).Within(1e-6));
    }

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void Every_encoder_of_a_method_learns_with_a_decoder_and_nothing_else_does(string word)
    {
        using var method = RegisteredMethods.Options(word).CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        using var scope = NewDisposeScope();
        var before = method.named_parameters().ToDictionary(named => named.name, named => named.parameter.detach().clone());

        Learn(method, new PretrainingOptions { Epochs = 1, PatchSize = 4 });

        var moved = method.named_parameters().Where(named => !named.parameter.equal(before[named.name]).all().item<bool>()).Select(named => named.name);
        string[] prefixes = word switch
        {
            AmbiSSLOptions.Word => ["enc.", "dec.theta."],
            CrossPseudoSupervisionOptions.Word => ["net.enc.", "net.dec.", "second.enc.", "second.dec."],
            _ when before.Keys.Any(name => name.StartsWith("net.", StringComparison.Ordinal)) => ["net.enc.", "net.dec."],
            _ => ["enc.", "dec."],
        };
        Assert.That(moved, Is.EquivalentTo(before.Keys.Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))));
    }

    [Test]
    public void Hidden_squares_are_restored_better_than_by_the_mean()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var generator = new Generator(5);
        using var method = TinyData.Options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        var (encoder, decoder) = MaskedReconstruction.Pairs(method).First();
        var reconstruction = new MaskedReconstruction(new PretrainingOptions { Epochs = 12, PatchSize = 2, MaskedShare = 0.3 }, encoder, decoder, 1, generator);
        var loader = Loader();

        reconstruction.Train(new TrainingOptions { BatchSize = 8, LearningRate = 5e-3 }, loader, [.. Enumerable.Range(0, 48)], seed: 3, generator, Silent, default);

        method.eval();
        using var gradients = no_grad();
        var images = loader.LoadImages([.. Enumerable.Range(0, 48)], generator);
        var hidden = reconstruction.Hide(images, generator);
        var byMean = ((images.mean([2, 3], keepdim: true) - images).square() * hidden).sum() / hidden.sum();
        Assert.That(reconstruction.Loss(images, hidden).item<float>(), Is.LessThan(0.7 * byMean.item<float>()));
    }

    [Test]
    public void The_same_seed_gives_the_same_model_and_another_than_without()
    {
        var first = TinyRun.Train(Options);

        TinyRun.Train(Options).AssertEquals(first);
        Assert.That(first.Weights, Is.Not.EqualTo(TinyRun.Train(TinyData.Options).Weights));
    }

    [Test]
    public void A_run_in_pieces_ends_with_the_same_bits()
    {
        var options = Options with { Training = Options.Training with { WeightAveraging = 0.9 } };

        var (result, interruptions) = TinyRun.TrainInPieces(options, new RunOptions { CheckpointDirectory = Folder.Path });

        result.AssertEquals(TinyRun.Train(options));
        Assert.That(interruptions, Is.GreaterThan(options.Epochs));
    }

    [Test]
    public void It_reports_its_epochs_before_those_of_the_method()
    {
        var lines = new List<string>();
        TinyRun.Train(Options, new RunOptions
        {
            Progress = new Reporter(p =>
            {
                if (p.IsEpochEnd)
                {
                    lines.Add(p.ToString());
                }
            }),
        });

        Assert.That(lines, Has.Count.EqualTo(Short.Epochs + Options.Epochs));
        Assert.That(lines[0], Does.StartWith("pretraining, epoch 1 of 2: total 0."));
        Assert.That(lines[1], Does.StartWith("pretraining, epoch 2 of 2: total 0."));
        Assert.That(lines[2], Does.StartWith("epoch 1 of 4: total "));
    }

    [Test]
    public void It_can_be_canceled()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        using var method = TinyData.Options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);

        Assert.That(() => Learn(method, Short, canceled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_model_to_start_from_is_refused_beside_it()
    {
        using var model = SegmentationTrainer.Fit(TinyRun.Images, TinyData.Options with { Epochs = 2 });

        Assert.That(
            () => SegmentationTrainer.Fit(TinyRun.Images, Options, null, null, model),
            Throws.ArgumentException.With.Message.Contains("Pretraining would replace its weights; leave one of them out"));
    }

    [TestCase(0, 0.6, 8, "Epochs is 0")]
    [TestCase(1, 0.0, 8, "MaskedShare is 0")]
    [TestCase(1, 1.0, 8, "MaskedShare is 1")]
    [TestCase(1, 0.6, 0, "PatchSize is 0")]
    public void Options_out_of_range_are_refused(int epochs, double share, int patch, string message) => Assert.That(
        Pretrained(TinyData.Options, new PretrainingOptions { Epochs = epochs, MaskedShare = share, PatchSize = patch }).Validate,
        Throws.ArgumentException.With.Message.StartsWith($"Option {message}; "));

    private static T Pretrained<T>(T options, PretrainingOptions pretraining)
        where T : SegmentationOptions => options with { Training = options.Training with { Pretraining = pretraining } };

    private static BatchLoader Loader() =>
        new(TinyRun.Images, TinyRun.Images.Format.Intensities ?? new IntensityScale(0, 1, Window: null), 2, isByReader: false, new AugmentationOptions(), CPU);

    private static void Learn(SegmentationMethod method, PretrainingOptions options, CancellationToken cancellation = default) => MaskedReconstruction.Train(
        method, new TrainingOptions { BatchSize = 8, Pretraining = options }, Loader(), [.. Enumerable.Range(0, 16)], seed: 3, Silent, cancellation);
}
