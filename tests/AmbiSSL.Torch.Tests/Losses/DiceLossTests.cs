using System.Text.Json;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Losses;

public sealed class DiceLossTests : TorchFixture
{
    private static IEnumerable<TestCaseData> Cases() => TorchOracle.TestCases("dice_loss.json");

    private static IEnumerable<TestCaseData> ManyPixels() => OracleFolder.TestCases("dice_clamp_demo.json");

    [Category("Oracle")]
    [TestCaseSource(nameof(Cases))]
    public void Dice(JsonElement entry, ScalarType type) =>
        Check((logits, target) => DiceLoss.Compute(logits, target), "gdl", entry, type);

    /// <summary>Public code divides by weights that it does not let fall below a millionth: of more than two million pixels it has another loss.</summary>
    [Category("Oracle")]
    [TestCaseSource(nameof(ManyPixels))]
    public void Dice_of_very_many_pixels_is_that_of_few(JsonElement entry)
    {
        var logits = full([1, 1, 1, 1, entry.GetProperty("pixels").GetInt64()], entry.GetProperty("logit").GetDouble(), ScalarType.Float64);
        Assert.That(entry.GetProperty("target").GetString(), Is.EqualTo("all ones"));

        // The background has Dice 0.
        TorchOracle.AssertClose(DiceLoss.Compute(logits, ones_like(logits)), 1 - (entry.GetProperty("unclamped_fg_dice").GetDouble() / 2), 1e-9, "dice");
    }

    [Test]
    public void Pixels_that_do_not_count_are_as_if_they_were_not_there()
    {
        var (logits, target) = (randn([1, 1, 1, 8, 8]), rand([1, 1, 1, 8, 8]).round());
        var counted = rand([1, 1, 1, 8, 8]).lt(0.6);
        Tensor Remaining(Tensor pixels) => pixels[counted].view(1, 1, 1, 1, -1);

        var loss = DiceLoss.Compute(logits, target, counted.to(ScalarType.Float32));

        Assert.That(loss.item<float>(), Is.EqualTo(DiceLoss.Compute(Remaining(logits), Remaining(target)).item<float>()).Within(1e-6));
    }

    [Test]
    public void Where_no_pixel_counts_nothing_is_learned()
    {
        var logits = randn([2, 1, 1, 8, 8]).requires_grad_();

        DiceLoss.Compute(logits, ones([2, 1, 1, 8, 8]), zeros([2, 1, 1, 8, 8])).backward();

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
