using AmbiSSL.Torch.Inference;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Inference;

internal sealed class WindowAxisTests
{
    // The example in nnU-Net's compute_steps_for_sliding_window: an image of 110, a tile of 64 and steps of a half give 0, 23 and 46.
    [TestCase(110, 64, new[] { 0, 23, 46 })]
    [TestCase(128, 64, new[] { 0, 32, 64 })]
    [TestCase(64, 64, new[] { 0 })]
    [TestCase(40, 64, new[] { 0 })]
    public void Windows_lie_where_those_of_nnUNet_do(int length, int window, int[] starts) =>
        Assert.That(new WindowAxis(length, window).Starts, Is.EqualTo(starts));

    [Test]
    public void An_image_smaller_than_a_window_lies_in_its_middle()
    {
        var axis = new WindowAxis(length: 11, window: 16);

        Assert.That((axis.Length, axis.Margin), Is.EqualTo((16, 2)));
    }

    [Test]
    public void Weights_have_the_deviation_of_an_eighth_of_a_window()
    {
        // exp(-1/2) at one deviation from the middle of 65 pixels; exp(-8) of the window's end is next to nothing.
        var weights = new WindowAxis(65, 65).Weights;

        Assert.That(weights[32 + 8] / weights[32], Is.EqualTo(Math.Exp(-0.5 * Math.Pow(8 / 8.125, 2))).Within(1e-3));
    }
}
