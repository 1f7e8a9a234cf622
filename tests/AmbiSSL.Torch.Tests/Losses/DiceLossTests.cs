using System.Text.Json;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

public sealed class DiceLossTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases() => TorchOracle.TestCases("dice_loss.json");

    private static IEnumerable<TestCaseData> ClampCases() => OracleFolder.TestCases("dice_clamp_demo.json");

    [Category("Oracle")]
    [TestCaseSource(nameof(Cases))]
    public void Generalized_Dice(JsonElement entry, ScalarType type) =>
        Check((logits, target) => DiceLoss.Generalized(logits, target), "gdl", entry, type);

    [Category("Oracle")]
    [TestCaseSource(nameof(ClampCases))]
    public void Generalized_Dice_of_very_many_pixels(JsonElement entry)
    {
        var pixels = entry.GetProperty("pixels").GetInt64();
        var logits = full([1, 1, 1, 1, pixels], entry.GetProperty("logit").GetDouble(), ScalarType.Float64);
        var target = entry.GetProperty("target").GetString() switch
        {
            "all ones" => ones_like(logits),
            "all zeros" => zeros_like(logits),
            var other => throw new InvalidDataException($"unknown target '{other}'"),
        };

        TorchOracle.AssertClose(DiceLoss.Generalized(logits, target), entry.GetProperty("gdl").GetDouble(), 1e-9, "gdl");
    }

    [Test]
    public void Pixels_that_do_not_count_are_as_if_they_were_not_there()
    {
        var (logits, target) = (randn([1, 1, 1, 8, 8]), rand([1, 1, 1, 8, 8]).round());
        var counted = rand([1, 1, 1, 8, 8]).lt(0.6);
        Tensor Remaining(Tensor pixels) => pixels[counted].view(1, 1, 1, 1, -1);

        var loss = DiceLoss.Generalized(logits, target, counted.to(ScalarType.Float32));

        Assert.That(loss.item<float>(), Is.EqualTo(DiceLoss.Generalized(Remaining(logits), Remaining(target)).item<float>()).Within(1e-6));
    }

    [Test]
    public void Where_no_pixel_counts_nothing_is_learned()
    {
        var logits = randn([2, 1, 1, 8, 8]).requires_grad_();

        DiceLoss.Generalized(logits, ones([2, 1, 1, 8, 8]), zeros([2, 1, 1, 8, 8])).backward();

        Assert.That(logits.grad!.eq(0).all().item<bool>());
    }

    private static void Check(Func<Tensor, Tensor, Tensor> loss, string name, JsonElement entry, ScalarType type)
    {
        var logits = entry.Tensor("logits", type, requiresGradient: true);

        var value = loss(logits.unsqueeze(2), entry.Tensor("target", type).unsqueeze(2));

        TorchOracle.AssertClose(value, entry.GetProperty(name).GetDouble(), TorchOracle.Tolerance(type), name);
        if (entry.TryGetProperty($"grad_{name}", out var gradient))
        {
            value.backward();
            TorchOracle.AssertClose(logits.grad!, gradient, TorchOracle.GradientTolerance(type), $"grad_{name}");
        }
    }
}
