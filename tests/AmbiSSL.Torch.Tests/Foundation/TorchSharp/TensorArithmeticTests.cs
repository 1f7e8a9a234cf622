using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class TensorArithmeticTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Operations()
    {
        static TestCaseData Case(string name, Func<Tensor, Tensor, Tensor> own, Func<Tensor, Tensor, Tensor> theirs) =>
            new TestCaseData(own, theirs).SetArgDisplayNames(name);

        yield return Case("plus", (x, y) => x.Plus(y), (x, y) => x + y);
        yield return Case("plus a number", (x, _) => x.Plus(0.3), (x, _) => x + 0.3);
        yield return Case("minus a number", (x, _) => x.Minus(0.3), (x, _) => x - 0.3);
        yield return Case("one minus", (x, _) => OneMinus(x), (x, _) => 1 - x);
        yield return Case("times a number", (x, _) => x.Times(0.3), (x, _) => 0.3 * x);
        yield return Case("over a number", (x, _) => x.Over(0.3), (x, _) => x / 0.3);
        yield return Case("squared", (x, _) => x.Squared(), (x, _) => x.square());
        yield return Case("not below", (x, _) => x.NotBelow(0.3), (x, _) => x.clamp(min: 0.3));
        yield return Case("within", (x, _) => x.Within(-0.2, 0.3), (x, _) => x.clamp(-0.2, 0.3));
        yield return Case("is below", (x, _) => x.IsBelow(0.5), (x, _) => x.lt(0.5));
        yield return Case("is above", (x, _) => x.IsAbove(0.5), (x, _) => x.gt(0.5));
        yield return Case("is at most", (x, _) => x.IsAtMost(0.5), (x, _) => x.le(0.5));
        yield return Case("is at least", (x, _) => x.IsAtLeast(0.5), (x, _) => x.ge(0.5));
    }

    [TestCaseSource(nameof(Operations))]
    public void Gives_the_bits_of_TorchSharps_own(Func<Tensor, Tensor, Tensor> own, Func<Tensor, Tensor, Tensor> theirs)
    {
        var (x, y) = (cat([randn(1000), tensor(0.5f).view(1)]), randn(1001));

        var (actual, expected) = (own(x, y), theirs(x, y));

        Assert.That(actual.dtype, Is.EqualTo(expected.dtype));
        Assert.That(actual.detach().bytes.ToArray(), Is.EqualTo(expected.detach().bytes.ToArray()));
    }

    [TestCaseSource(nameof(Operations))]
    public void Gives_the_gradients_of_TorchSharps_own(Func<Tensor, Tensor, Tensor> own, Func<Tensor, Tensor, Tensor> theirs)
    {
        float[][] Gradients(Func<Tensor, Tensor, Tensor> operation)
        {
            random.manual_seed(2);
            var (x, y) = (randn(1000).requires_grad_(), randn(1000).requires_grad_());
            var result = operation(x, y);
            if (result.requires_grad)
            {
                (result * randn(1000)).sum().backward();
            }

            return [.. new[] { x, y }.Select(tensor => tensor.grad?.data<float>().ToArray() ?? [])];
        }

        Assert.That(Gradients(own), Is.EqualTo(Gradients(theirs)));
    }

    [Test]
    public void Range_and_modulo_count_in_turns() =>
        Assert.That(TensorArithmetic.Range(5, ScalarType.Int64, CPU).Modulo(3).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 2, 0, 1 }));
}
