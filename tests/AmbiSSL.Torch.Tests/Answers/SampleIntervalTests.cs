using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

internal sealed class SampleIntervalTests
{
    // numpy.percentile(values, [50, 5, 95])
    [TestCase(new double[] { 4, 1, 3, 2 }, 2.5, 1.15, 3.85)]
    [TestCase(new double[] { 7 }, 7, 7, 7)]
    [TestCase(new double[] { 10, 0, 5 }, 5, 0.5, 9.5)]
    public void The_interval_holds_nine_of_ten_values(double[] values, double median, double low, double high)
    {
        var interval = SampleInterval.Of(values);

        Assert.That(new[] { interval.Median, interval.Low, interval.High }, Is.EqualTo(new[] { median, low, high }).Within(1e-12));
    }

    [Test]
    public void No_value_has_no_interval() => Assert.That(() => SampleInterval.Of([]), Throws.ArgumentException);
}
