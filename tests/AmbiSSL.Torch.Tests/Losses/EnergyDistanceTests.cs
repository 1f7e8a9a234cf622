using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Metrics;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

public sealed class EnergyDistanceTests : TorchFixture
{
    [TestCase(2, 1)]
    [TestCase(3, 4)]
    public void Probabilities_are_compared_by_their_Jaccard_distance(int samples, int annotators)
    {
        var logits = randn([2, samples, 5, 6], dtype: ScalarType.Float64, generator: new Generator(1));
        var annotations = rand([2, annotators, 5, 6], generator: new Generator(2)).gt(0.6).to(ScalarType.Float64);

        var loss = EnergyDistance.Compute(logits.unsqueeze(2), annotations.unsqueeze(2));

        Assert.That(loss.item<double>(), Is.EqualTo(Expected(logits.sigmoid(), annotations)).Within(1e-12));
    }

    /// <summary>The first image has three annotations, the second two, of which the first is repeated.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void An_annotation_that_is_repeated_counts_once(bool withCounted)
    {
        var logits = randn([2, 3, 5, 6], dtype: ScalarType.Float64, generator: new Generator(1));
        var annotations = rand([2, 3, 5, 6], generator: new Generator(2)).gt(0.6).to(ScalarType.Float64);
        annotations[1, 2].copy_(annotations[1, 0]);
        var own = tensor((double[])[1, 1, 1, 1, 1, 0]).view(2, 3);
        var counted = withCounted ? ones_like(annotations).unsqueeze(2) : null;

        var loss = EnergyDistance.Compute(logits.unsqueeze(2), annotations.unsqueeze(2), counted, own);

        var (three, two) = (Expected(logits[..1].sigmoid(), annotations[..1]), Expected(logits[1..].sigmoid(), annotations[1.., ..2]));
        Assert.That(loss.item<double>(), Is.EqualTo((three + two) / 2).Within(1e-12));
    }

    [Test]
    public void Its_gradient_is_that_of_differences()
    {
        var logits = randn([2, 3, 4, 4], dtype: ScalarType.Float64, generator: new Generator(3)).requires_grad_();
        var annotations = rand([2, 2, 4, 4], generator: new Generator(4)).gt(0.5).to(ScalarType.Float64);
        var direction = randn([2, 3, 4, 4], dtype: ScalarType.Float64, generator: new Generator(5));

        EnergyDistance.Compute(logits.unsqueeze(2), annotations.unsqueeze(2)).backward();

        var at = logits.detach();
        var difference = Expected((at + (1e-6 * direction)).sigmoid(), annotations) - Expected((at - (1e-6 * direction)).sigmoid(), annotations);
        Assert.That((logits.grad! * direction).sum().item<double>(), Is.EqualTo(difference / 2e-6).Within(1e-8));
    }

    [Test]
    public void Of_masks_it_is_half_the_generalized_energy_distance_but_for_the_annotations_own_part()
    {
        var masks = rand([1, 6, 8, 8], generator: new Generator(6)).gt(0.5).to(ScalarType.Float32);
        var (samples, annotations) = (masks.narrow(1, 0, 3), masks.narrow(1, 3, 3));

        var loss = EnergyDistance.Compute((samples - 0.5).unsqueeze(2) * 200, annotations.unsqueeze(2));

        var (predicted, expert) = (BitMasks(samples), BitMasks(annotations));
        var expected = PairwiseDistance.Between(predicted, expert) - (PairwiseDistance.WithinDistinct(predicted) / 2);
        Assert.That(loss.item<float>(), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Samples_that_differ_as_annotations_do_lose_less_than_samples_that_agree_on_one_of_them()
    {
        var annotations = tensor(new float[] { 1, 0, 0, 1 }).view(1, 2, 1, 1, 2);
        Tensor Logits(params float[] masks) => (tensor(masks).view(1, 2, 1, 1, 2) - 0.5) * 200;

        var both = EnergyDistance.Compute(Logits(1, 0, 0, 1), annotations);
        var one = EnergyDistance.Compute(Logits(1, 0, 1, 0), annotations);
        var none = EnergyDistance.Compute(Logits(0, 0, 0, 0), annotations);

        Assert.That(
            new[] { both.item<float>(), one.item<float>(), none.item<float>() }, Is.EqualTo(new[] { 0f, 0.5f, 1f }).Within(1e-6f));
    }

    [Test]
    public void Empty_samples_of_empty_annotations_lose_nothing_and_have_a_finite_gradient()
    {
        var logits = full([1, 2, 1, 3, 3], -200f).requires_grad_();

        var loss = EnergyDistance.Compute(logits, zeros([1, 2, 1, 3, 3]));
        loss.backward();

        Assert.That(loss.item<float>(), Is.Zero);
        Assert.That(logits.grad!.isfinite().all().item<bool>());
    }

    [Test]
    public void Of_several_classes_it_is_the_mean_of_each_by_itself()
    {
        var logits = randn([2, 3, 2, 5, 6], dtype: ScalarType.Float64, generator: new Generator(1));
        var annotations = rand([2, 4, 2, 5, 6], generator: new Generator(2)).gt(0.6).to(ScalarType.Float64);
        var counted = rand([2, 4, 1, 5, 6], generator: new Generator(3)).gt(0.3).to(ScalarType.Float64);

        var loss = EnergyDistance.Compute(logits, annotations * counted, counted);

        var each = Enumerable.Range(0, 2).Select(k =>
            EnergyDistance.Compute(logits[.., .., k..(k + 1)], (annotations * counted)[.., .., k..(k + 1)], counted).item<double>());
        Assert.That(loss.item<double>(), Is.EqualTo(each.Average()).Within(1e-12));
    }

    private static double Expected(Tensor probabilities, Tensor annotations)
    {
        static double Distance(Tensor a, Tensor b) => 1 - (minimum(a, b).sum() / maximum(a, b).sum()).item<double>();
        var (batch, samples, annotators) = (probabilities.shape[0], (int)probabilities.shape[1], (int)annotations.shape[1]);
        var total = 0.0;
        for (var b = 0; b < batch; b++)
        {
            var (drawn, masks) = (probabilities[b], annotations[b]);
            var all = Enumerable.Range(0, samples).ToArray();
            total += all.SelectMany(i => Enumerable.Range(0, annotators), (i, a) => Distance(drawn[i], masks[a])).Average();
            total -= all.SelectMany(i => all.Where(j => j != i), (i, j) => Distance(drawn[i], drawn[j])).Average() / 2;
        }

        return total / batch;
    }

    private static BitMask[] BitMasks(Tensor masks) =>
        BitMask.SetFromBytes(masks.to(ScalarType.Byte).contiguous().data<byte>().ToArray(), (int)masks.shape[2], (int)masks.shape[3]);
}
