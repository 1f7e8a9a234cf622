using System.Text.Json;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class LowRankNormalTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases => OracleFolder.Read("stochastic_segmentation.json").GetProperty("distributions").EnumerateArray()
        .SelectMany(
            entry => TorchOracle.Types.Select(type => new TestCaseData(entry, type).SetArgDisplayNames(entry.GetProperty("name").GetString()!, $"{type}")));

    [TestCaseSource(nameof(Cases))]
    public void Samples_equal_those_of_the_reference(JsonElement entry, ScalarType type)
    {
        var normal = Normal(entry, type);

        var deviations = normal.Deviations(entry.Tensor("together", type), entry.Tensor("single", type));

        TorchOracle.AssertClose(normal.Mean.unsqueeze(1) + deviations, entry.GetProperty("samples"), TorchOracle.Tolerance(type), "samples");
    }

    [TestCaseSource(nameof(Cases))]
    public void Their_covariance_is_that_of_the_distribution(JsonElement entry, ScalarType type)
    {
        var normal = Normal(entry, type);
        var (batch, rank, pixels) = (normal.Factors.shape[0], normal.Factors.shape[1], normal.Mean[0].numel());

        // What each of the independent numbers alone moves.
        var unit = eye(rank + pixels, dtype: type).expand(batch, -1, -1);
        var single = unit.narrow(2, rank, pixels).unflatten(2, normal.Mean.shape[1], normal.Mean.shape[2]);
        var moves = normal.Deviations(unit.narrow(2, 0, rank), single).flatten(2);

        TorchOracle.AssertClose(moves.transpose(1, 2).bmm(moves), entry.GetProperty("covariance"), TorchOracle.Tolerance(type), "covariance");
    }

    private static LowRankNormal Normal(JsonElement entry, ScalarType type) =>
        new(entry.Tensor("mean", type), entry.Tensor("factors", type), entry.Tensor("variance", type));
}
