using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class DisagreementCorrelationTests
{
    [Test]
    public void Linear_relation_is_one() =>
        Assert.That(DisagreementCorrelation.Compute([0.1, 0.2, 0.4], [0.3, 0.5, 0.9]), Is.EqualTo(1).Within(1e-12));

    [Test]
    public void Opposite_relation_is_minus_one() =>
        Assert.That(DisagreementCorrelation.Compute([1, 2, 3], [6, 4, 2]), Is.EqualTo(-1).Within(1e-12));

    [Test]
    public void Value_is_Pearsons() =>
        Assert.That(DisagreementCorrelation.Compute([1, 2, 3, 4], [1, 3, 2, 4]), Is.EqualTo(0.8).Within(1e-12));

    [Test]
    public void Images_without_a_value_are_left_out() =>
        Assert.That(
            DisagreementCorrelation.Compute([1, 2, double.NaN, 3, 4, 7], [1, 3, 9, 2, 4, double.NaN]), Is.EqualTo(0.8).Within(1e-12));

    [Test]
    public void Constant_series_has_no_correlation() =>
        Assert.That(DisagreementCorrelation.Compute([0.1, 0.1, 0.1], [0.2, 0.3, 0.4]), Is.NaN);

    [Test]
    public void Series_that_is_constant_but_for_rounding_has_no_correlation() =>
        Assert.That(DisagreementCorrelation.Compute([0.1 + 0.2, 0.3, 0.3], [0.4, 0.3, 0.2]), Is.NaN);

    [Test]
    public void Fewer_than_two_images_have_no_correlation()
    {
        Assert.That(DisagreementCorrelation.Compute([], []), Is.NaN);
        Assert.That(DisagreementCorrelation.Compute([1], [2]), Is.NaN);
    }

    [Test]
    public void Series_of_different_lengths_are_refused() =>
        Assert.That(
            () => DisagreementCorrelation.Compute([1, 2], [1]),
            Throws.ArgumentException.With.Message.StartsWith("There are 2 values for samples and 1 for experts;"));
}
