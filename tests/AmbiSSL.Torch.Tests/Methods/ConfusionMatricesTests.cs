using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class ConfusionMatricesTests : TorchFixture
{
    // Rows are truths, columns what is said: background, foreground.
    private static readonly double[,] First = { { 0.9, 0.1 }, { 0.25, 0.75 } };
    private static readonly double[,] Second = { { 0.6, 0.4 }, { 0.2, 0.8 } };

    private static readonly ConfusionMatrices OneClass = new(MaskClasses.One);

    [Test]
    public void Each_row_sums_to_one_over_what_is_said()
    {
        var matrices = ConfusionMatrices.Normalize(randn([2, 3, 2, 2, 4, 5])).exp();

        Assert.Multiple(() =>
        {
            Assert.That((matrices.sum(3) - 1).abs().max().item<float>(), Is.LessThan(1e-6));
            Assert.That((matrices.sum(2) - 1).abs().max().item<float>(), Is.GreaterThan(0.1), "columns do not");
        });
    }

    [Test]
    public void Training_starts_from_annotators_who_are_right_99_times_of_100()
    {
        var start = ConfusionMatrices.Normalize(OneClass.Start().view(1, 1, 2, 2, 1, 1)).exp().flatten();

        Assert.That(start.data<float>().ToArray(), Is.EqualTo((float[])[0.99f, 0.01f, 0.01f, 0.99f]).Within(1e-6));
    }

    [Test]
    public void What_an_annotator_says_is_the_truth_times_the_matrix()
    {
        var truth = tensor(new[] { 0.3, 1e-4 }).logit().view(1, 1, 1, 2);

        var said = ConfusionMatrices.Apply(OneClass.LogClasses(truth), Matrices()).exp();

        // By hand for the first pixel: 0.7 · 0.1 + 0.3 · 0.75 and 0.7 · 0.4 + 0.3 · 0.8.
        Assert.Multiple(() =>
        {
            Assert.That(said.shape, Is.EqualTo((long[])[1, 1, 2, 2, 1, 2]));
            Assert.That(said[0, 0, 0, 1, 0, 0].item<double>(), Is.EqualTo(0.295).Within(1e-12));
            Assert.That(said[0, 0, 1, 1, 0, 0].item<double>(), Is.EqualTo(0.52).Within(1e-12));
            Assert.That(said[0, 0, 0, 1, 0, 1].item<double>(), Is.EqualTo((0.9999 * 0.1) + (0.0001 * 0.75)).Within(1e-12));
            Assert.That((said.sum(-3) - 1).abs().max().item<double>(), Is.LessThan(1e-12));
        });
    }

    [Test]
    public void Absent_annotators_count_neither_in_the_cross_entropy_nor_in_the_trace()
    {
        // Two images of a pixel; the first annotator outlined both, the second only the second one.
        var truth = tensor(new[] { 0.3, 0.8 }).logit().view(2, 1, 1, 1);
        var masks = OneClass.OfMasks(tensor(new[] { 1.0, 1, 0, 1 }).view(2, 2, 1, 1, 1));
        var presence = tensor(new[] { 1.0, 0, 1, 1 }).view(2, 1, 2);

        var loss = ConfusionMatrices.CrossEntropy(ConfusionMatrices.Apply(OneClass.LogClasses(truth), Matrices()), masks, presence);
        var trace = ConfusionMatrices.Trace(Matrices(), presence);

        // Foreground said: 0.295 and 0.62 by the first annotator, 0.72 by the second; traces 1.65, 1.65 and 1.4.
        Assert.That(loss.item<double>(), Is.EqualTo(-(Math.Log(0.295) + Math.Log(1 - 0.62) + Math.Log(0.72)) / 3).Within(1e-12));
        Assert.That(trace.item<double>(), Is.EqualTo((1.65 + 1.65 + 1.4) / 3).Within(1e-12));
    }

    [Test]
    public void Cross_entropy_is_the_mean_over_annotators_and_pixels()
    {
        var truth = tensor(new[] { 0.3, 0.8 }).logit().view(1, 1, 1, 2);
        var masks = OneClass.OfMasks(tensor(new[] { 1.0, 0, 0, 1 }).view(1, 2, 1, 1, 2));

        var loss = ConfusionMatrices.CrossEntropy(ConfusionMatrices.Apply(OneClass.LogClasses(truth), Matrices()), masks);

        // Foreground said: 0.295 and 0.62 by the first annotator, 0.52 and 0.72 by the second.
        var expected = -(Math.Log(0.295) + Math.Log(1 - 0.62) + Math.Log(1 - 0.52) + Math.Log(0.72)) / 4;
        Assert.That(loss.item<double>(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Trace_is_the_mean_sum_of_the_diagonals()
    {
        // (0.9 + 0.75 + 0.6 + 0.8) / 2.
        Assert.That(ConfusionMatrices.Trace(Matrices()).item<double>(), Is.EqualTo(1.525).Within(1e-12));
    }

    [Test]
    public void A_saturated_pixel_keeps_its_gradient()
    {
        var logits = tensor(new[] { 30f, -30f }).view(1, 1, 1, 2).requires_grad_(true);
        var reliable = ConfusionMatrices.Normalize((OneClass.Start() * 10).view(1, 1, 2, 2, 1, 1));

        var loss = ConfusionMatrices.CrossEntropy(
            ConfusionMatrices.Apply(OneClass.LogClasses(logits), reliable), OneClass.OfMasks(tensor(new[] { 0f, 1 }).view(1, 1, 1, 1, 2)));
        loss.backward();

        // Either pixel's mask is the wrong one, of probability e^-30; in single precision the other class would have probability 1 and no slope.
        Assert.Multiple(() =>
        {
            Assert.That(loss.item<float>(), Is.EqualTo(30).Within(1e-3));
            Assert.That(logits.grad!.flatten().data<float>().ToArray(), Is.EqualTo((float[])[0.5f, -0.5f]).Within(1e-3));
        });
    }

    [Test]
    public void Of_exclusive_classes_a_matrix_says_background_and_all_of_them()
    {
        var matrices = new ConfusionMatrices(new MaskClasses(["core", "rim"]));
        var values = tensor((double[])[0, Math.Log(2)]).view(1, 2, 1, 1);
        var logMatrix = tensor(new[,] { { 0.8, 0.1, 0.1 }, { 0.3, 0.6, 0.1 }, { 0.2, 0.2, 0.6 } }).log().view(1, 1, 1, 3, 3, 1, 1);

        var said = ConfusionMatrices.Apply(matrices.LogClasses(values), logMatrix);

        // Truth: background 1/4, core 1/4, rim 1/2.
        Assert.Multiple(() =>
        {
            Assert.That(
                said.exp().data<double>().ToArray(),
                Is.EqualTo((double[])[(0.8 + 0.3 + 0.4) / 4, (0.1 + 0.6 + 0.4) / 4, (0.1 + 0.1 + 1.2) / 4]).Within(1e-12));
            Assert.That(matrices.Probabilities(said).shape, Is.EqualTo((long[])[1, 1, 2, 1, 1]));
            Assert.That(
                ConfusionMatrices.CrossEntropy(said, matrices.OfMasks(tensor((double[])[0, 1]).view(1, 1, 2, 1, 1))).item<double>(),
                Is.EqualTo(-Math.Log((0.1 + 0.1 + 1.2) / 4)).Within(1e-12));
        });
    }

    [Test]
    public void Of_overlapping_classes_each_has_a_matrix_of_its_own()
    {
        var matrices = new ConfusionMatrices(new MaskClasses(["core", "rim"], overlap: true));
        var values = tensor((double[])[0, Math.Log(3)]).view(1, 2, 1, 1);
        var logMatrices = stack([tensor(First), tensor(Second)]).log().view(1, 2, 1, 2, 2, 1, 1);

        var said = ConfusionMatrices.Apply(matrices.LogClasses(values), logMatrices);

        // Truth: core 1/2, rim 3/4.
        double[] expected = [(0.1 + 0.75) / 2, (0.4 + (3 * 0.8)) / 4];
        Assert.Multiple(() =>
        {
            Assert.That(matrices.Probabilities(said).data<double>().ToArray(), Is.EqualTo(expected).Within(1e-12));
            Assert.That(
                ConfusionMatrices.CrossEntropy(said, matrices.OfMasks(tensor((double[])[1, 0]).view(1, 1, 2, 1, 1))).item<double>(),
                Is.EqualTo(-(Math.Log(expected[0]) + Math.Log(1 - expected[1])) / 2).Within(1e-12));
        });
    }

    private static Tensor Matrices() => stack([tensor(First), tensor(Second)]).log().view(1, 1, 2, 2, 2, 1, 1);
}
