using System.Text.Json;
using AmbiSSL.Torch.Latent;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Latent;

[Category("Oracle")]
public sealed class LatentEncoderTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases() => TorchOracle.TestCases("axis_aligned_encoder.json");

    [TestCaseSource(nameof(Cases))]
    public void Location_scale_and_gradients(JsonElement entry, ScalarType type)
    {
        var image = entry.Tensor("input", type, requiresGradient: true);
        var input = entry.GetProperty("masks").ValueKind == JsonValueKind.Null ? image : cat([image, entry.Tensor("masks", type)], 1);
        using var encoder = new LatentEncoder(
            "encoder",
            (int)input.shape[1],
            new LatentSizes(
                entry.GetProperty("latent").GetInt32(),
                [.. entry.GetProperty("filters").EnumerateArray().Select(filters => filters.GetInt32())],
                entry.GetProperty("convs_per_block").GetInt32()));
        encoder.LoadParameters(entry.GetProperty("params"), type);

        var (location, logScale) = encoder.call(input);
        ((location * entry.Tensor("cot_mu", type)).sum() + (logScale * entry.Tensor("cot_log_scale", type)).sum()).backward();

        TorchOracle.AssertClose(location, entry.GetProperty("mu"), TorchOracle.Tolerance(type), "mu");
        TorchOracle.AssertClose(logScale, entry.GetProperty("log_scale"), TorchOracle.Tolerance(type), "log_scale");
        TorchOracle.AssertClose(image.grad!, entry.GetProperty("grad_input"), TorchOracle.GradientTolerance(type), "grad_input");
        encoder.AssertGradients(entry.GetProperty("grad_params"), type);
    }
}
