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
            Assert.That(options.Training.BatchSize, Is.EqualTo(8));
            Assert.That(options.Training.LearningRate, Is.EqualTo(5e-4));
            Assert.That(options.WeightRegularization, Is.EqualTo(1e-5));
            Assert.That(options.Precision, Is.EqualTo(Precision.Float32));
            Assert.That(options.Seed, Is.Null);
            Assert.That((options.Training.ValidationEvery, options.Training.EarlyStoppingPatience), Is.EqualTo((1, (int?)null)));
            Assert.That((options.AlphaLabeled, options.AlphaUnlabeled, options.Beta), Is.EqualTo((1.0, 0.0, 0.5)));
            Assert.That(options.BoundSamples, Is.EqualTo(10));
            Assert.That((options.EnergyWeight, options.EnergySamples), Is.EqualTo((4.0, 4)));
            Assert.That(options.CodeSampling, Is.EqualTo(CodeSampling.QuasiRandom));
            Assert.That(options.KeepFraction, Is.EqualTo(0.5));
            Assert.That(options.PruneFromBlock, Is.Null);
            Assert.That(options.WarmUpEpochs, Is.EqualTo(3));
            Assert.That(options.UnsupervisedWeight, Is.EqualTo(1));
            Assert.That(options.CrossSupervision, Is.EqualTo(CrossSupervision.SameCode));
            Assert.That(options.Training.Augmentation.StrongLabeled, Is.True);
            Assert.That((options.Training.Augmentation.CutMixProbability, options.Training.Augmentation.CutMixLabeled), Is.EqualTo((0.5, true)));
            Assert.That(() => options.Validate(), Throws.Nothing);
        });
    }

    [Test]
    public void Published_are_the_papers()
    {
        var options = AmbiSSLOptions.Published;

        Assert.Multiple(() =>
        {
            Assert.That(options.Training.LearningRate, Is.EqualTo(1e-4));
            Assert.That(options.CrossSupervision, Is.EqualTo(CrossSupervision.Printed));
            Assert.That((options.AlphaLabeled, options.AlphaUnlabeled, options.Beta), Is.EqualTo((1.0, 0.5, 0.5)));
            Assert.That((options.EnergyWeight, options.UnsupervisedWeight), Is.EqualTo((0.0, 0.1)));
            Assert.That(options.CodeSampling, Is.EqualTo(CodeSampling.Independent));
            Assert.That(options.Training.Augmentation.StrongLabeled, Is.False);
            Assert.That((options.Training.Augmentation.CutMixProbability, options.Training.Augmentation.CutMixLabeled), Is.EqualTo((0.0, false)));
            Assert.That(() => options.Validate(), Throws.Nothing);
        });
    }

    [Test]
    public void Recommended_are_the_defaults() => Assert.That(
        JsonSerializer.Serialize(AmbiSSLOptions.Recommended), Is.EqualTo(JsonSerializer.Serialize(new AmbiSSLOptions())));

    [TestCase(5, ExpectedResult = 2)]
    [TestCase(3, ExpectedResult = 1)]
    [TestCase(2, ExpectedResult = 0)]
    public int Left_alone_the_first_pruned_block_fits_the_backbone(int levels) =>
        new AmbiSSLOptions { Backbone = new UNetBackbone { Filters = [.. Enumerable.Repeat(4, levels)] } }.FirstPrunedBlock;

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        var good = new AmbiSSLOptions();
        TestCaseData Case(AmbiSSLOptions options, string message) => new TestCaseData(options, message).SetArgDisplayNames(message);
        yield return Case(good with { LatentDimensions = 0 }, "Option LatentDimensions is 0; it must be a number from 1 to 10000.");
        yield return Case(good with { LatentFilters = [16, 0] }, "Option LatentFilters is [16, 0]; it must be one or more positive numbers.");
        yield return Case(good with { LatentConvolutionsPerBlock = 0 }, "Option LatentConvolutionsPerBlock is 0; it must be a number from 1 to 100.");
        yield return Case(
            good with { LatentConvolutionsPerBlock = int.MaxValue }, "Option LatentConvolutionsPerBlock is 2147483647; it must be a number from 1 to 100.");
        yield return Case(good with { CodeSampling = (CodeSampling)2 }, "Option CodeSampling is 2; it must be a defined value.");
        yield return Case(good with { Samples = -1 }, "Option Samples is -1; it must be a number from 1 to 100000.");
        yield return Case(good with { Samples = int.MaxValue }, "Option Samples is 2147483647; it must be a number from 1 to 100000.");
        yield return Case(good with { Precision = (Precision)2 }, "Option Precision is 2; it must be a defined value.");
        yield return Case(good with { Epochs = 0 }, "Option Epochs is 0; it must be a number of at least 1.");
        yield return Case(good with { Training = good.Training with { BatchSize = 7 } }, "Option BatchSize is 7; it must be an even number of at least 2.");
        yield return Case(good with { Training = good.Training with { LearningRate = 0 } }, "Option LearningRate is 0; it must be a positive number.");
        yield return Case(good with { WeightRegularization = -0.5 }, "Option WeightRegularization is -0.5; it must be a number of at least 0.");
        yield return Case(
            good with { Training = good.Training with { ValidationEvery = 0 } }, "Option ValidationEvery is 0; it must be a number of at least 1.");
        yield return Case(
            good with { Training = good.Training with { EarlyStoppingPatience = 0 } },
            "Option EarlyStoppingPatience is 0; it must be null or a number of at least 1.");
        yield return Case(good with { AlphaLabeled = double.NaN }, "Option AlphaLabeled is NaN; it must be a number of at least 0.");
        yield return Case(good with { AlphaUnlabeled = -1 }, "Option AlphaUnlabeled is -1; it must be a number of at least 0.");
        yield return Case(
            good with { AlphaUnlabeled = 0.5 },
            "Option AlphaUnlabeled is 0.5; it must be 0 where CrossSupervision is SameCode, which has no unlabeled divergence; start from "
            + "AmbiSSLOptions.Published, which has it.");
        yield return Case(good with { CrossSupervision = (CrossSupervision)9 }, "Option CrossSupervision is 9; it must be a defined value.");
        yield return Case(good with { Beta = -1 }, "Option Beta is -1; it must be a number of at least 0.");
        yield return Case(good with { BoundSamples = 0 }, "Option BoundSamples is 0; it must be a number of at least 1.");
        yield return Case(good with { EnergyWeight = -1 }, "Option EnergyWeight is -1; it must be a number of at least 0.");
        yield return Case(good with { EnergyRampUpEpochs = -1 }, "Option EnergyRampUpEpochs is -1; it must be null or a number of at least 0.");
        yield return Case(good with { EnergySamples = 1 }, "Option EnergySamples is 1; it must be a number of at least 2.");
        yield return Case(good with { KeepFraction = 50 }, "Option KeepFraction is 50; it must be a number from 0 to 1.");
        yield return Case(
            good with { PruneFromBlock = -1 },
            "Option PruneFromBlock is -1; it must be null or a number from 0 to 4, since the backbone has 5 decoder blocks.");
        yield return Case(
            good with { PruneFromBlock = 5 }, "Option PruneFromBlock is 5; it must be null or a number from 0 to 4, since the backbone has 5 decoder blocks.");
        yield return Case(good with { WarmUpEpochs = -1 }, "Option WarmUpEpochs is -1; it must be a number of at least 0.");
        yield return Case(good with { UnsupervisedWeight = -1 }, "Option UnsupervisedWeight is -1; it must be a number of at least 0.");
        yield return Case(
            good with { Backbone = new UNetBackbone { Filters = [16] } }, "Option Filters is [16]; it must be two to sixteen positive numbers.");
        yield return Case(
            good with { Backbone = new ResNet34Backbone { PretrainedEncoderPath = "no-such-file" } },
            "Option PretrainedEncoderPath is 'no-such-file'; it must be a safetensors file that exists.");
        yield return Case(
            good with { Training = good.Training with { Augmentation = new AugmentationOptions { RotationDegrees = 270 } } },
            "Option RotationDegrees is 270; it must be a number from 0 to 180.");
        yield return Case(
            good with { Training = good.Training with { Augmentation = new AugmentationOptions { CutMixProbability = 2 } } },
            "Option CutMixProbability is 2; it must be a number from 0 to 1.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused(AmbiSSLOptions options, string message) =>
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.StartsWith(message));
}
