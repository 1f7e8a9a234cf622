using System.Text.Json;
using AmbiSSL.Torch.Networks;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Networks;

[Category("Oracle")]
public sealed class UpsamplingBlockTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases() => TorchOracle.TestCases("smp_decoder_block.json");

    [TestCaseSource(nameof(Cases))]
    public void One_training_step_then_evaluation(JsonElement entry, ScalarType type)
    {
        var x = entry.Tensor("x", type, requiresGradient: true);
        var skip = entry.GetProperty("skip").ValueKind == JsonValueKind.Null ? null : entry.Tensor("skip", type, requiresGradient: true);
        var output = entry.GetProperty("train_out").GetProperty("shape")[1].GetInt32();
        using var block = new UpsamplingBlock((int)x.shape[1], (int)(skip?.shape[1] ?? 0), output);
        block.LoadParameters(entry.GetProperty("params"), type);

        block.train();
        var trained = block.call(x, skip);
        (trained * entry.Tensor("cot", type)).sum().backward();
        block.eval();
        var evaluated = block.call(x, skip);

        TorchOracle.AssertClose(trained, entry.GetProperty("train_out"), TorchOracle.Tolerance(type), "train_out");
        TorchOracle.AssertClose(
            evaluated, entry.GetProperty("eval_out_after_one_step"), TorchOracle.Tolerance(type), "eval_out_after_one_step");
        TorchOracle.AssertClose(x.grad!, entry.GetProperty("grad_x"), TorchOracle.GradientTolerance(type), "grad_x");
        if (skip is not null)
        {
            TorchOracle.AssertClose(skip.grad!, entry.GetProperty("grad_skip"), TorchOracle.GradientTolerance(type), "grad_skip");
        }

        block.AssertGradients(entry.GetProperty("grad_params"), type);
        var buffers = block.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer);
        foreach (var running in entry.GetProperty("running_after_one_step").EnumerateObject())
        {
            TorchOracle.AssertClose(buffers[running.Name], running.Value, TorchOracle.Tolerance(type), running.Name);
        }
    }
}
