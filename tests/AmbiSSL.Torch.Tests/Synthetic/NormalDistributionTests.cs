using AmbiSSL.Torch.Synthetic;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Synthetic;

[TestFixture]
internal sealed class NormalDistributionTests
{
    // Python 3: statistics.NormalDist().cdf(x)
    [TestCase(-6, 9.865876450377014e-10)]
    [TestCase(-1.96, 0.024997895148220435)]
    [TestCase(-0.3, 0.3820885778110474)]
    [TestCase(0, 0.5)]
    [TestCase(1, 0.8413447460685429)]
    [TestCase(2.5, 0.9937903346742238)]
    [TestCase(40, 1)]
    public void Cumulative_probability_is_accurate(double x, double expected) =>
        Assert.That(NormalDistribution.Cumulative(x), Is.EqualTo(expected).Within(1e-7));
}
