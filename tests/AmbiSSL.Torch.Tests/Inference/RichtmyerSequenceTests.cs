using AmbiSSL.Torch.Inference;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Inference;

[TestFixture]
internal sealed class RichtmyerSequenceTests
{
    [Test]
    public void Points_are_multiples_of_the_roots_of_primes_from_the_shift_on()
    {
        var points = RichtmyerSequence.Points(3, [0, 0.5, 0, 0, 0.25]);

        Assert.That(
            points,
            Is.EqualTo((double[])
            [
                0, 0.5, 0, 0, 0.25,
                0.414213562, 0.232050808, 0.236067977, 0.645751311, 0.566624790,
                0.828427125, 0.964101615, 0.472135955, 0.291502622, 0.883249581,
            ]).Within(1e-9));
    }

    [Test]
    public void Each_dimension_has_a_step_of_its_own()
    {
        var second = RichtmyerSequence.Points(2, new double[200])[200..];

        Assert.That(second, Is.Unique.And.All.InRange(0.0, 1.0));
    }
}
