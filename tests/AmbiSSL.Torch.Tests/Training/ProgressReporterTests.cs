using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

internal sealed class ProgressReporterTests : TorchFixture
{
    [Test]
    public void A_loss_that_diverges_stops_the_training([Values(1.1e6f, -1.1e6f, 1e21f, float.PositiveInfinity, float.NaN)] float loss) => Assert.That(
        () => Reporter(loss).RequireBoundedLoss(),
        Throws.InvalidOperationException.With.Message.StartsWith(
            FormattableString.Invariant($"The loss became {(double)loss} in epoch 1, step 1; lower LearningRate (now 0.001)")));

    [Test]
    public void A_large_loss_does_not([Values(9e5f, -9e5f, 0f)] float loss) => Assert.That(() => Reporter(loss).RequireBoundedLoss(), Throws.Nothing);

    [Test]
    public void A_loss_is_told_alike_in_any_culture()
    {
        using var culture = new CommaCulture();

        Assert.That(
            () => Reporter(-1500000.5f).RequireBoundedLoss(),
            Throws.InvalidOperationException.With.Message.StartsWith("The loss became -1500000.5 in epoch 1, step 1; lower LearningRate (now 0.001)"));
    }

    private static ProgressReporter Reporter(float loss)
    {
        var reporter = new ProgressReporter(TinyData.Options, new RunOptions(), CPU);
        reporter.BeginEpoch(epoch: 0, steps: 2, firstStep: 0);
        using var batch = new TrainingBatch(zeros(2, 1, 16, 16), zeros([2, 2, 1, 16, 16]), null, null);
        reporter.Add(new StepLosses(tensor(loss), []), batch);
        return reporter;
    }
}
