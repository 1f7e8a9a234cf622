using AmbiSSL.Torch.Losses;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

[Category("Oracle")]
public sealed class NormRegularizationTests : TorchFixture
{
    [TestCaseSource(typeof(TorchOracle), nameof(TorchOracle.Types))]
    public void Sum_of_norms_that_are_not_squared(ScalarType type)
    {
        var oracle = OracleFolder.Read("l2_reg.json");

        var value = NormRegularization.Compute(oracle.GetProperty("tensors").EnumerateArray().Select(tensor => tensor.ToTensor(type)));

        TorchOracle.AssertClose(value, oracle.GetProperty("value").GetDouble(), TorchOracle.Tolerance(type), "value");
    }

    [Test]
    public void Gradients_are_directions_and_zero_for_tensors_of_zeros()
    {
        var filters = randn(3, 4, 5, 5).permute(0, 3, 1, 2).detach().requires_grad_();
        Tensor[] tensors = [filters, randn(7).requires_grad_(), zeros(3).requires_grad_()];

        NormRegularization.Compute(tensors).backward();

        foreach (var tensor in tensors)
        {
            var expected = tensor.detach() / tensor.detach().norm().clamp(1e-30);
            Assert.That((tensor.grad! - expected).abs().max().item<float>(), Is.LessThan(1e-6));
        }
    }
}
