using AmbiSSL.Torch.Onnx;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Onnx;

internal sealed class ValueRangeTests
{
    [TestCase(-1f, 3f, 4f / 255, 64)]
    [TestCase(0f, 2.55f, 0.01f, 0)]
    [TestCase(2f, 5.1f, 0.02f, 0, Description = "0 is one of the integers, since images are padded with it")]
    [TestCase(-5.1f, -2f, 0.02f, 255)]
    [TestCase(0f, 0f, 1f, 0)]
    public void Two_hundred_and_fifty_six_integers_go_over_the_range_and_zero(float low, float high, float step, int zero)
    {
        var range = new ValueRange(low, high);

        Assert.That(range.Step, Is.EqualTo(step).Within(1e-7));
        Assert.That(range.Zero, Is.EqualTo(zero));
    }

    [Test]
    public void A_ReLU_leaves_what_is_above_zero() => Assert.That(new ValueRange(-1, 3).Rectified, Is.EqualTo(new ValueRange(0, 3)));
}
