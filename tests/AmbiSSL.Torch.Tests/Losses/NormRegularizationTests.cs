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
}
