using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Metrics;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Inference;

[TestFixture]
internal sealed class DrawnMasksTests : TorchFixture
{
    [Test]
    public void Masks_are_thresholded_and_probabilities_averaged_over_samples()
    {
        var drawn = new DrawnMasks(MaskClasses.One, tensor((float[])[0.25f, 1, 0.5f, 0.75f]).view(1, 2, 1, 1, 2), hasUncertainty: true);
        var (masks, probability, uncertainty) = (new byte[4], new float[2], new float[2]);

        drawn.Read(masks, probability, uncertainty);

        Assert.Multiple(() =>
        {
            Assert.That(masks, Is.EqualTo((byte[])[0, 1, 0, 1]));
            Assert.That(probability, Is.EqualTo((float[])[0.375f, 0.875f]));
            Assert.That(uncertainty, Is.EqualTo((float[])[0.954434f, 0.5435644f]).Within(1e-6));
        });
    }

    [Test]
    public void Tensors_give_the_entropy_that_single_numbers_give()
    {
        float[] probability = [0, float.Epsilon, 1e-20f, 0.1f, 0.5f, 0.75f, 1 - 6e-8f, 1];

        using var entropy = DrawnMasks.Entropy(MaskClasses.One, tensor(probability).view(1, 1, 1, -1));

        Assert.That(entropy.data<float>(), Is.EqualTo(BinaryEntropy.Of(probability)).Within(1).Ulps);
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void What_is_no_probability_is_refused(float value)
    {
        var drawn = new DrawnMasks(MaskClasses.One, tensor((float[])[0.5f, value, 0, 1]).view(1, 2, 1, 1, 2), hasUncertainty: false);

        Assert.That(
            () => drawn.Read(new byte[4], new float[2], default),
            Throws.InvalidOperationException.With.Message.StartsWith("The model gave probabilities that are no numbers"));
    }
}
