using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class ConfidentLabelsTests : TorchFixture
{
    private static readonly ClassActivation OneClass = new(MaskClasses.One);

    [TestCase(0.5)]
    [TestCase(0.75)]
    [TestCase(0.95)]
    public void A_pixel_is_confident_from_the_threshold_up_and_from_its_complement_down(double threshold)
    {
        var random = new Random(2);
        float[] logits = [.. Enumerable.Range(0, 2 * 3 * 64).Select(_ => (float)(12 * (random.NextDouble() - 0.5)))];

        var labels = ConfidentLabels.From(OneClass, tensor(logits, [2, 3, 8, 8]), threshold);

        double[] probabilities = [.. logits.Select(logit => ManagedDice.Sigmoid(logit))];
        Assert.That(
            ManagedDice.Values(labels.Confident),
            Is.EqualTo(probabilities.Select(p => p >= threshold || p <= 1 - threshold ? 1f : 0f)));
        Assert.That(ManagedDice.Values(labels.Masks), Is.EqualTo(probabilities.Select(p => p > 0.5 ? 1f : 0f)));
    }

    [TestCase(0.5, 0, 1, 0)]
    [TestCase(0.5000001, 0, 0, 0)]
    [TestCase(1, 200, 1, 1)]
    [TestCase(1, -200, 1, 0)]
    [TestCase(1, 5, 0, 1)]
    public void At_the_ends_of_the_range(double threshold, float logit, float confident, float mask)
    {
        var labels = ConfidentLabels.From(OneClass, tensor(new[] { logit }, [1, 1, 1, 1]), threshold);

        Assert.That((labels.Confident.item<float>(), labels.Masks.item<float>()), Is.EqualTo((confident, mask)));
    }
}
