using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

public sealed class OutlineCoverageTests
{
    [Test]
    public void It_is_the_mean_over_readers()
    {
        var coverage = OutlineCoverage.Of(inner: [1, 1, 0, 0], outer: [1, 1, 1, 0], masks: [1, 1, 0, 0, 0, 1, 1, 1]);

        Assert.That(coverage.Inner, Is.EqualTo((1 + 0.5) / 2));
        Assert.That(coverage.Outer, Is.EqualTo((1 + (2.0 / 3)) / 2).Within(1e-12));
    }

    [Test]
    public void What_is_empty_is_covered() =>
        Assert.That(OutlineCoverage.Of(inner: [0, 0], outer: [0, 1], masks: [0, 0]), Is.EqualTo(new OutlineCoverage(1, 1)));

    [Test]
    public void Masks_of_another_size_are_refused() => Assert.That(
        () => OutlineCoverage.Of([0, 0], [0, 0], [0, 0, 1]),
        Throws.ArgumentException.With.Message.StartsWith(
            "The outlines have 2 and 2 pixels, the masks 3 together; give masks of the outlines' size, at least one."));
}
