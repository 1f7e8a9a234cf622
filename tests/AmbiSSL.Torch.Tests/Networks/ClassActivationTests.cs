using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

public sealed class ClassActivationTests : TorchFixture
{
    private static readonly ClassActivation Exclusive = new(new MaskClasses(["core", "rim", "cyst"]));
    private static readonly ClassActivation Overlapping = new(new MaskClasses(["core", "rim", "cyst"], overlap: true));

    [Test]
    public void Logits_of_exclusive_classes_have_the_probabilities_of_a_softmax_in_which_background_is_0()
    {
        var values = randn([2, 4, 3, 5, 6], dtype: ScalarType.Float64) * 4;

        var probabilities = Exclusive.AgainstRest(values).sigmoid();

        var softmax = cat([zeros([2, 4, 1, 5, 6], ScalarType.Float64), values], 2).softmax(2).narrow(2, 1, 3);
        Assert.That((probabilities - softmax).abs().max().item<double>(), Is.LessThan(1e-14));
    }

    [Test]
    public void Their_gradient_is_that_of_the_softmax()
    {
        var values = (randn([1, 2, 3, 4, 4], dtype: ScalarType.Float64) * 4).requires_grad_();
        var cotangent = randn([1, 2, 3, 4, 4], dtype: ScalarType.Float64);

        var own = autograd.grad([Exclusive.AgainstRest(values).sigmoid()], [values], [cotangent])[0];

        var softmax = cat([zeros([1, 2, 1, 4, 4], ScalarType.Float64), values], 2).softmax(2).narrow(2, 1, 3);
        Assert.That((own - autograd.grad([softmax], [values], [cotangent])[0]).abs().max().item<double>(), Is.LessThan(1e-14));
    }

    [Test]
    public void A_saturated_class_keeps_a_finite_logit_and_gradient()
    {
        var values = tensor((float[])[80, -80, 0]).view(3, 1, 1).requires_grad_();

        var logits = Exclusive.AgainstRest(values);
        logits.sum().backward();

        // 80 - log(e^0 + e^-80 + e^0), -80 - log(e^0 + e^80 + e^0), 0 - log(e^0 + e^80 + e^-80).
        Assert.That(logits.data<float>().ToArray(), Is.EqualTo((float[])[80 - MathF.Log(2), -160, -80]).Within(1e-4));
        Assert.That(values.grad!.isfinite().all().item<bool>());
    }

    [Test]
    public void Values_of_one_class_and_of_overlapping_ones_are_their_logits()
    {
        var values = randn(2, 3, 4, 4);

        Assert.That(Overlapping.AgainstRest(values), Is.SameAs(values));
    }

    [Test]
    public void A_pixel_is_of_the_most_probable_of_background_and_exclusive_classes_the_first_of_equal_ones()
    {
        // Each column a pixel: no class above background; one below one half and yet the largest; two that are equal; background and a class that are equal.
        var probabilities = tensor((double[])
            [0.2, 0.1, 0.4, 0.5,
             0.3, 0.4, 0.4, 0,
             0.1, 0.3, 0.1, 0]).view(1, 3, 1, 4);

        var masks = Exclusive.Harden(probabilities);

        Assert.That(masks.to(ScalarType.Int32).data<int>().ToArray(), Is.EqualTo((int[])[0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void Sums_of_probabilities_harden_as_their_mean_does()
    {
        var probabilities = randn([3, 2, 4, 8, 8]).softmax(2).narrow(2, 1, 3);

        foreach (var activation in (ClassActivation[])[Exclusive, Overlapping])
        {
            Assert.That(activation.Harden(probabilities.sum([0]), 3).eq(activation.Harden(probabilities.mean([0]))).all().item<bool>());
        }
    }

    [Test]
    public void Logits_harden_as_their_probabilities_do()
    {
        var logits = Exclusive.AgainstRest(randn(2, 3, 8, 8));

        Assert.That(Exclusive.HardenLogits(logits).eq(Exclusive.Harden(logits.sigmoid())).all().item<bool>());
        Assert.That(Overlapping.HardenLogits(logits).eq(logits.gt(0)).all().item<bool>());
    }

    [Test]
    public void A_pixel_of_exclusive_classes_is_confident_where_background_or_any_of_them_is()
    {
        // Each column a pixel: a class of 0.9, background of 0.9, three classes that share.
        var probabilities = tensor((double[])
            [0.9, 0.04, 0.4,
             0.05, 0.03, 0.3,
             0, 0.02, 0.3]).view(1, 3, 1, 3);

        Assert.That(Exclusive.AreConfident(probabilities, 0.85).data<bool>().ToArray(), Is.EqualTo((bool[])[true, true, false]));
        Assert.That(
            Overlapping.AreConfident(probabilities, 0.85).data<bool>().ToArray(),
            Is.EqualTo((bool[])[true, true, false, true, true, false, true, true, false]));
    }

    [Test]
    public void Logarithms_of_the_probabilities_of_background_and_classes_are_those_of_their_softmax()
    {
        var values = randn([2, 3, 4, 4], dtype: ScalarType.Float64);

        var logarithms = Exclusive.LogProbabilities(values);

        Assert.That((logarithms.exp().sum(1) - 1).abs().max().item<double>(), Is.LessThan(1e-14));
        Assert.That((logarithms.exp().narrow(1, 1, 3) - Exclusive.AgainstRest(values).sigmoid()).abs().max().item<double>(), Is.LessThan(1e-14));
    }
}
