using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

/// <summary>Losses of masks that say nothing at some pixels are those of the other pixels.</summary>
public sealed class IgnoredPixelsTests : TorchFixture
{
    private const int Annotators = 3;

    [Test]
    public void Bound_loss_is_that_of_the_pixels_that_anyone_counts()
    {
        var (samples, annotations, counted) = Random(sameForAll: true);
        var bounds = stack([samples.amax([1]), samples.amin([1])], 1).unsqueeze(2);
        (annotations, counted) = (annotations.unsqueeze(2), counted.unsqueeze(2));
        var kept = counted[0, 0, 0].to(ScalarType.Bool);

        var loss = BoundLoss.Compute(bounds, annotations, counted);

        var expected = BoundLoss.Compute(Keep(bounds, kept), Keep(annotations, kept));
        Assert.That(loss.item<double>(), Is.EqualTo(expected.item<double>()).Within(1e-12));
    }

    [Test]
    public void Union_and_intersection_are_those_of_the_readers_who_count_the_pixel()
    {
        // The first reader ignores the second pixel, where the second reader draws, and the second the third, where the first does.
        var annotations = tensor((double[])[1, 0, 1, 0, 1, 1, 0, 0]).view(1, 2, 1, 1, 4);
        var counted = tensor((double[])[1, 0, 1, 1, 1, 1, 0, 1]).view(1, 2, 1, 1, 4);
        var logits = (tensor((double[])[1, 1, 1, 0, 1, 1, 1, 0]).view(1, 2, 1, 1, 4) - 0.5) * 200;

        Assert.That(BoundLoss.Compute(logits, annotations, counted).item<double>(), Is.Zero.Within(1e-9));
    }

    [Test]
    public void Energy_distance_is_the_mean_over_readers_of_that_of_the_pixels_that_the_reader_counts()
    {
        var (samples, annotations, counted) = Random(sameForAll: false);

        var loss = EnergyDistance.Compute(samples.unsqueeze(2), annotations.unsqueeze(2), counted.unsqueeze(2));

        var expected = Enumerable.Range(0, Annotators).Average(reader =>
        {
            var kept = counted[0, reader].to(ScalarType.Bool);
            return EnergyDistance.Compute(Keep(samples, kept).unsqueeze(2), Keep(annotations[.., reader..(reader + 1)], kept).unsqueeze(2)).item<double>();
        });
        Assert.That(loss.item<double>(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Cross_entropy_and_trace_are_those_of_the_pixels_that_count()
    {
        var (_, annotations, counted) = Random(sameForAll: true);
        var said = randn([1, Annotators, 2, 6, 7], dtype: ScalarType.Float64, generator: new Generator(4)).log_softmax(2);
        var matrices = randn([1, Annotators, 2, 2, 6, 7], dtype: ScalarType.Float64, generator: new Generator(5)).log_softmax(3);
        var kept = counted[0, 0].to(ScalarType.Bool);

        var entropy = ConfusionMatrices.CrossEntropy(said, Said(annotations), presence: null, counted);
        var trace = ConfusionMatrices.Trace(matrices, presence: null, counted);

        Assert.Multiple(() =>
        {
            Assert.That(
                entropy.item<double>(),
                Is.EqualTo(ConfusionMatrices.CrossEntropy(Keep(said, kept), Said(Keep(annotations, kept))).item<double>()).Within(1e-12));
            Assert.That(trace.item<double>(), Is.EqualTo(ConfusionMatrices.Trace(Keep(matrices, kept)).item<double>()).Within(1e-12));
        });
    }

    [Test]
    public void A_pixel_that_every_reader_ignores_has_no_gradient()
    {
        var (values, annotations, counted) = Random(sameForAll: true);
        var logits = values.requires_grad_();
        var losses = stack(
        [
            BoundLoss.Compute(stack([logits.amax([1]), logits.amin([1])], 1).unsqueeze(2), annotations.unsqueeze(2), counted.unsqueeze(2)),
            EnergyDistance.Compute(logits.unsqueeze(2), annotations.unsqueeze(2), counted.unsqueeze(2)),
            DiceLoss.Compute(logits[.., ..1].unsqueeze(2), annotations[.., ..1].unsqueeze(2), counted[.., ..1].unsqueeze(2)),
            ConfusionMatrices.CrossEntropy(cat([logits, -logits], 1).view(1, 4, 2, 6, 7)[.., ..Annotators].log_softmax(2), Said(annotations), null, counted),
        ]);

        losses.sum().backward();

        var gradient = logits.grad!.abs().amax([0, 1]);
        var ignored = counted[0, 0].eq(0);
        Assert.That(gradient[ignored].eq(0).all().item<bool>());
        Assert.That(gradient[ignored.logical_not()].gt(0).all().item<bool>());
    }

    /// <summary>Four samples [1, 4, 6, 7], and annotations [1, A, 6, 7] with the pixels that count, which are 0 elsewhere.</summary>
    private static (Tensor Samples, Tensor Annotations, Tensor Counted) Random(bool sameForAll)
    {
        var samples = randn([1, 4, 6, 7], dtype: ScalarType.Float64, generator: new Generator(1));
        var counted = rand([1, sameForAll ? 1 : Annotators, 6, 7], generator: new Generator(2)).gt(0.3).to(ScalarType.Float64).expand(1, Annotators, 6, 7);
        return (samples, rand([1, Annotators, 6, 7], generator: new Generator(3)).gt(0.5).to(ScalarType.Float64) * counted, counted);
    }

    /// <summary>Background and foreground [1, A, 2, H, W] of masks [1, A, H, W].</summary>
    private static Tensor Said(Tensor masks) => stack([1 - masks, masks], 2);

    /// <summary>The values [..., H, W] of some pixels, in one row.</summary>
    private static Tensor Keep(Tensor values, Tensor pixels) =>
        values.flatten(-2).index_select(-1, pixels.flatten().nonzero().flatten()).unsqueeze(-2);
}
