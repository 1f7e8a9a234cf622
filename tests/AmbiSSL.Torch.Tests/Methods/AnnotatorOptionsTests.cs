using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class AnnotatorOptionsTests
{
    [Test]
    public void Defaults_are_those_of_each_methods_paper()
    {
        var (global, pixel, pionono) = (new GlobalConfusionMatrixOptions(), new PixelConfusionMatrixOptions(), new PiononoOptions());

        Assert.Multiple(() =>
        {
            Assert.That((global.MethodName, pixel.MethodName, pionono.MethodName), Is.EqualTo(("cm-global", "cm-pixel", "pionono")));
            Assert.That((global.TraceWeight, global.MatrixLearningRate), Is.EqualTo((0.01, 0.01)));
            Assert.That(pixel.TraceWeight, Is.EqualTo(0.1));
            Assert.That((pionono.LatentDimensions, pionono.KlWeight), Is.EqualTo((8, 5e-4)));
            Assert.That((pionono.TrainingSamples, pionono.AnnotatorSamples), Is.EqualTo((5, 20)));
            Assert.That((pionono.PriorDeviation, pionono.InitialMeanDeviation), Is.EqualTo((2.0, 2.0)));
            Assert.That(pionono.LatentLearningRate, Is.EqualTo(0.02));
            Assert.That(() => { global.Validate(); pixel.Validate(); pionono.Validate(); }, Throws.Nothing);
        });
    }

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        TestCaseData Case(SegmentationOptions options, string message) => new TestCaseData(options, message).SetArgDisplayNames(message);
        var (global, pixel, pionono) = (new GlobalConfusionMatrixOptions(), new PixelConfusionMatrixOptions(), new PiononoOptions());
        yield return Case(global with { TraceWeight = -1 }, "Option TraceWeight is -1; it must be a number of at least 0.");
        yield return Case(global with { MatrixLearningRate = 0 }, "Option MatrixLearningRate is 0; it must be a positive number.");
        yield return Case(pixel with { TraceWeight = double.NaN }, "Option TraceWeight is NaN; it must be a number of at least 0.");
        yield return Case(pionono with { KlWeight = -0.5 }, "Option KlWeight is -0.5; it must be a number of at least 0.");
        yield return Case(pionono with { TrainingSamples = 0 }, "Option TrainingSamples is 0; it must be a number from 1 to 100000.");
        yield return Case(pionono with { AnnotatorSamples = 0 }, "Option AnnotatorSamples is 0; it must be a number from 1 to 100000.");
        yield return Case(pionono with { PriorDeviation = 0 }, "Option PriorDeviation is 0; it must be a positive number.");
        yield return Case(pionono with { InitialMeanDeviation = -1 }, "Option InitialMeanDeviation is -1; it must be a number of at least 0.");
        yield return Case(pionono with { LatentLearningRate = 0 }, "Option LatentLearningRate is 0; it must be a positive number.");
        yield return Case(pionono with { LatentDimensions = 0 }, "Option LatentDimensions is 0; it must be a number from 1 to 10000.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_range_is_refused(SegmentationOptions options, string message) =>
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.StartsWith(message));
}
