using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>Models whose weights are an average over the steps.</summary>
internal sealed class AveragedWeightsTests : FolderFixture
{
    private static AmbiSSLOptions Options => Averaged(TinyData.Options, 0.9);

    [Test]
    public void The_average_is_the_mean_of_all_steps_until_its_decay_reaches_no_further()
    {
        var options = RegisteredMethods.Options(SupervisedOptions.Word);
        using var learning = options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        using var average = options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        using var scope = NewDisposeScope();
        var averaged = new AveragedWeights(learning, average, decay: 0.75);
        float[] values = [8, 4, 3, 1, 5, 2];

        var means = Array.ConvertAll(values, value =>
        {
            Fill(learning, value);
            averaged.Follow();
            return First(average);
        });

        // Means of one, two, three and four numbers; from then on three quarters of the last and a quarter of the next.
        Assert.That(means, Is.EqualTo(new[] { 8f, 6f, 5f, 4f, 4.25f, 3.6875f }).Within(1e-5));
        Assert.That(First(learning), Is.EqualTo(2));
    }

    [Test]
    public void Running_statistics_are_averaged_too()
    {
        var options = RegisteredMethods.Options(SupervisedOptions.Word);
        using var learning = options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        using var average = options.CreateMethod(TinyData.Shape, 2, MaskClasses.One);
        using var scope = NewDisposeScope();
        var averaged = new AveragedWeights(learning, average, decay: 0.9);
        foreach (var value in new[] { 2f, 4f })
        {
            FillAll(learning.buffers(), value);
            averaged.Follow();
        }

        Assert.That(
            average.buffers().Where(buffer => buffer.is_floating_point()).Select(buffer => buffer.mean().item<float>()),
            Is.All.EqualTo(3).Within(1e-6));
    }

    [Test]
    public void With_a_decay_of_0_the_model_is_that_of_the_last_step()
    {
        var expected = TinyRun.Train(TinyData.Options);

        TinyRun.Train(Averaged(TinyData.Options, 0)).AssertEquals(expected);
    }

    [Test]
    public void A_decay_changes_the_model_and_not_what_is_learned()
    {
        var (own, averaged) = (new List<double>(), new List<double>());
        var last = TinyRun.Train(TinyData.Options, new RunOptions { Progress = new Reporter(p => own.Add(p.Losses["total"])) });

        var mean = TinyRun.Train(Options, new RunOptions { Progress = new Reporter(p => averaged.Add(p.Losses["total"])) });

        Assert.That(averaged, Is.EqualTo(own));
        Assert.That(mean.Weights, Is.Not.EqualTo(last.Weights));
    }

    /// <summary>Phi has other weights before it is made from theta: with a decay near 1 they would still be most of the average.</summary>
    [Test]
    public void Weights_that_a_method_replaces_are_not_averaged_with_what_they_were()
    {
        var options = TinyData.Options with { Epochs = 2, Training = TinyData.Options.Training with { LearningRate = 1e-9 } };
        using var last = SegmentationTrainer.Fit(TinyRun.Images, options);
        using var mean = SegmentationTrainer.Fit(TinyRun.Images, Averaged(options, 0.9999));

        foreach (var (name, weight) in last.Method.named_parameters())
        {
            Assert.That((weight - mean.Method.state_dict()[name]).abs().max().item<float>(), Is.LessThan(1e-5), name);
        }
    }

    [Test]
    public void A_run_in_pieces_ends_with_the_same_bits()
    {
        var run = new RunOptions { CheckpointDirectory = Folder.Path };

        var (result, interruptions) = TinyRun.TrainInPieces(Options, run, TinyRun.Validation);

        result.AssertEquals(TinyRun.Train(Options, null, TinyRun.Validation));
        Assert.That(interruptions, Is.GreaterThan(Options.Epochs));
    }

    [Test]
    public void A_run_that_has_ended_gives_its_averaged_model_again()
    {
        var run = new RunOptions { CheckpointDirectory = Folder.Path };
        var expected = TinyRun.Train(Options, run);

        TinyRun.Train(Options, run).AssertEquals(expected);
    }

    [TestCase(CrossPseudoSupervisionOptions.Word)]
    [TestCase(DPersonaOptions.Word)]
    [TestCase(GlobalConfusionMatrixOptions.Word)]
    public void A_method_of_several_networks_or_stages_takes_it_and_leaves_no_tensor(string word)
    {
        var options = Averaged(RegisteredMethods.Options(word) with { Epochs = 5 }, 0.5);
        TinyRun.Train(options);
        var before = Tensor.TotalCount;
        TinyRun.Train(options);
        var once = Tensor.TotalCount - before;
        TinyRun.Train(options);

        Assert.That(Tensor.TotalCount - before - once, Is.EqualTo(once), "what TorchSharp's counter never gives back of layers");
    }

    [TestCase(-0.1)]
    [TestCase(1.0)]
    [TestCase(double.NaN)]
    public void A_decay_out_of_its_range_is_refused(double decay) => Assert.That(
        Averaged(TinyData.Options, decay).Validate,
        Throws.ArgumentException.With.Message.StartsWith($"Option WeightAveraging is {decay.ToString(System.Globalization.CultureInfo.InvariantCulture)}; "));

    private static T Averaged<T>(T options, double decay)
        where T : SegmentationOptions => options with { Training = options.Training with { WeightAveraging = decay } };

    private static float First(SegmentationMethod method) => method.parameters().First().mean().item<float>();

    private static void Fill(SegmentationMethod method, float value) => FillAll(method.parameters(), value);

    private static void FillAll(IEnumerable<Tensor> tensors, float value)
    {
        using var gradients = no_grad();
        foreach (var tensor in tensors)
        {
            tensor.fill_(value);
        }
    }
}
