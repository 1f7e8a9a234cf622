using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class AmbiSSLOptionsTests
{
    [Test]
    public void Defaults_are_the_documented_ones()
    {
        var options = new AmbiSSLOptions();

        Assert.Multiple(() =>
        {
            Assert.That(options.Backbone, Is.EqualTo(new ResNet34Backbone()));
            Assert.That(options.LatentDimensions, Is.EqualTo(6));
            Assert.That(options.LatentFilters, Is.EqualTo((int[])[16, 32, 64, 128, 256]));
            Assert.That(options.LatentConvolutionsPerBlock, Is.EqualTo(3));
            Assert.That(options.Samples, Is.EqualTo(10));
            Assert.That(options.Epochs, Is.EqualTo(100));
            Assert.That(options.BatchSize, Is.EqualTo(8));
            Assert.That(options.LearningRate, Is.EqualTo(1e-4));
            Assert.That(options.WeightRegularization, Is.EqualTo(1e-5));
            Assert.That(options.DiceLoss, Is.EqualTo(DiceLossKind.Generalized));
            Assert.That(options.KlDirection, Is.EqualTo(KlDirection.PosteriorToPrior));
            Assert.That(options.SortAnnotationsByArea, Is.True);
            Assert.That(options.Precision, Is.EqualTo(Precision.Float32));
            Assert.That(options.Seed, Is.Null);
            Assert.That((options.ValidationEvery, options.EarlyStoppingPatience), Is.EqualTo((1, (int?)null)));
            Assert.That((options.CheckpointDirectory, options.TensorBoardDirectory), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(options.CheckpointInterval, Is.EqualTo(TimeSpan.FromMinutes(10)));
            Assert.That(options.CacheLimitBytes, Is.EqualTo(268_435_456));
            Assert.That(options.Device, Is.EqualTo(ComputeDevice.Auto));
            Assert.That((options.AlphaLabeled, options.AlphaUnlabeled, options.Beta), Is.EqualTo((1.0, 0.5, 0.5)));
            Assert.That(options.BoundSamples, Is.EqualTo(10));
            Assert.That((options.EnergyWeight, options.EnergySamples), Is.EqualTo((4.0, 4)));
            Assert.That(options.SharedHead, Is.False);
            Assert.That((options.PruneProbability, options.PruneMaskProbability, options.KeepFraction), Is.EqualTo((0.5, 0.5, 0.5)));
            Assert.That(options.PruneFromBlock, Is.EqualTo(2));
            Assert.That(options.PruneSchedule, Is.EqualTo(PruneSchedule.Once));
            Assert.That(options.WarmUpEpochs, Is.EqualTo(3));
            Assert.That(options.EnsembleRule, Is.EqualTo(EnsembleRule.MeanProbability));
            Assert.That(options.CrossTarget, Is.EqualTo(CrossTarget.AllDecoders));
            Assert.That(options.UnsupervisedWeight, Is.EqualTo(1));
            Assert.That((options.UnlabeledCode, options.PseudoLabelStatistics), Is.EqualTo((UnlabeledCode.Prior, PseudoLabelStatistics.Batch)));
            Assert.That(options.SampleScale, Is.EqualTo(1));
            Assert.That(options.Augmentation.StrongLabeled, Is.True);
            Assert.That((options.Augmentation.CutMixProbability, options.Augmentation.CutMixLabeled), Is.EqualTo((0.5, true)));
            Assert.That(options.InferenceDecoder, Is.EqualTo(DecoderName.Phi));
            Assert.That(options.LabeledOnly, Is.False);
            Assert.That(() => options.Validate(), Throws.Nothing);
        });
    }

    [Test]
    public void Precision_is_written_where_it_is_not_float32_so_that_files_and_checkpoints_from_before_it_stay_the_same()
    {
        static string Written(Precision precision) => JsonSerializer.Serialize<SegmentationOptions>(new AmbiSSLOptions { Precision = precision });

        Assert.That(Written(Precision.Float32), Does.Not.Contain("Precision"));
        Assert.That(JsonSerializer.Deserialize<SegmentationOptions>(Written(Precision.BFloat16))!.Precision, Is.EqualTo(Precision.BFloat16));
    }

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        var good = new AmbiSSLOptions();
        TestCaseData Case(AmbiSSLOptions options, string message) => new TestCaseData(options, message).SetArgDisplayNames(message);
        yield return Case(good with { LatentDimensions = 0 }, "Option LatentDimensions is 0; it must be a number of at least 1.");
        yield return Case(good with { LatentFilters = [16, 0] }, "Option LatentFilters is [16, 0]; it must be one or more positive numbers.");
        yield return Case(good with { LatentConvolutionsPerBlock = 0 }, "Option LatentConvolutionsPerBlock is 0; it must be a number of at least 1.");
        yield return Case(good with { Samples = -1 }, "Option Samples is -1; it must be a number of at least 1.");
        yield return Case(good with { Precision = (Precision)2 }, "Option Precision is 2; it must be a defined value.");
        yield return Case(good with { Epochs = 0 }, "Option Epochs is 0; it must be a number of at least 1.");
        yield return Case(good with { BatchSize = 7 }, "Option BatchSize is 7; it must be an even number of at least 2.");
        yield return Case(good with { LearningRate = 0 }, "Option LearningRate is 0; it must be a positive number.");
        yield return Case(good with { WeightRegularization = -0.5 }, "Option WeightRegularization is -0.5; it must be a number of at least 0.");
        yield return Case(good with { ValidationEvery = 0 }, "Option ValidationEvery is 0; it must be a number of at least 1.");
        yield return Case(good with { EarlyStoppingPatience = 0 }, "Option EarlyStoppingPatience is 0; it must be null or a number of at least 1.");
        yield return Case(good with { CheckpointDirectory = "" }, "Option CheckpointDirectory is ''; it must be null or the path of a folder.");
        yield return Case(
            good with { CheckpointInterval = TimeSpan.FromSeconds(-1) }, "Option CheckpointInterval is -00:00:01; it must be a time that is not negative.");
        yield return Case(good with { TensorBoardDirectory = "" }, "Option TensorBoardDirectory is ''; it must be null or the path of a folder.");
        yield return Case(good with { CacheLimitBytes = -1 }, "Option CacheLimitBytes is -1; it must be a number of bytes that is not negative.");
        yield return Case(good with { AlphaLabeled = double.NaN }, "Option AlphaLabeled is NaN; it must be a number of at least 0.");
        yield return Case(good with { AlphaUnlabeled = -1 }, "Option AlphaUnlabeled is -1; it must be a number of at least 0.");
        yield return Case(good with { Beta = -1 }, "Option Beta is -1; it must be a number of at least 0.");
        yield return Case(good with { BoundSamples = 0 }, "Option BoundSamples is 0; it must be a number of at least 1.");
        yield return Case(good with { EnergyWeight = -1 }, "Option EnergyWeight is -1; it must be a number of at least 0.");
        yield return Case(good with { EnergySamples = 1 }, "Option EnergySamples is 1; it must be a number of at least 2.");
        yield return Case(good with { PruneProbability = 1.5 }, "Option PruneProbability is 1.5; it must be a number from 0 to 1.");
        yield return Case(good with { PruneMaskProbability = -0.1 }, "Option PruneMaskProbability is -0.1; it must be a number from 0 to 1.");
        yield return Case(good with { KeepFraction = 50 }, "Option KeepFraction is 50; it must be a number from 0 to 1.");
        yield return Case(good with { PruneFromBlock = -1 }, "Option PruneFromBlock is -1; it must be a number from 0 to 4, since the backbone has 5 decoder blocks.");
        yield return Case(good with { PruneFromBlock = 5 }, "Option PruneFromBlock is 5; it must be a number from 0 to 4, since the backbone has 5 decoder blocks.");
        yield return Case(good with { WarmUpEpochs = -1 }, "Option WarmUpEpochs is -1; it must be a number of at least 0.");
        yield return Case(good with { UnsupervisedWeight = -1 }, "Option UnsupervisedWeight is -1; it must be a number of at least 0.");
        yield return Case(good with { UnlabeledCode = (UnlabeledCode)9 }, "Option UnlabeledCode is 9; it must be a defined value.");
        yield return Case(good with { SampleScale = -1 }, "Option SampleScale is -1; it must be a number of at least 0.");
        yield return Case(good with { CrossTarget = (CrossTarget)9 }, "Option CrossTarget is 9; it must be a defined value.");
        yield return Case(
            good with { Backbone = new UNetBackbone { Filters = [16] } }, "Option Filters is [16]; it must be two or more positive numbers.");
        yield return Case(
            good with { Backbone = new ResNet34Backbone { PretrainedEncoderPath = "no-such-file" } },
            "Option PretrainedEncoderPath is 'no-such-file'; it must be a safetensors file that exists.");
        yield return Case(
            good with { Augmentation = new AugmentationOptions { RotationDegrees = 270 } },
            "Option RotationDegrees is 270; it must be a number from 0 to 180.");
        yield return Case(
            good with { Augmentation = new AugmentationOptions { CutMixProbability = 2 } },
            "Option CutMixProbability is 2; it must be a number from 0 to 1.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused(AmbiSSLOptions options, string message) =>
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.StartsWith(message));
}
