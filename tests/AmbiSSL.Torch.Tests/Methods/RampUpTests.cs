using AmbiSSL.Torch.Methods;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

[Category("Oracle")]
public sealed class RampUpTests
{
    [Test]
    public void Gaussian_ramp_up()
    {
        foreach (var entry in OracleFolder.Read("rampup.json").GetProperty("rampup").EnumerateArray())
        {
            var length = entry.GetProperty("T").GetDouble();
            foreach (var (time, value) in entry.GetProperty("t").EnumerateArray().Zip(entry.GetProperty("value").EnumerateArray()))
            {
                Assert.That(RampUp.Gaussian(time.GetDouble(), length), Is.EqualTo(value.GetDouble()).Within(1e-9).Percent);
            }
        }
    }

    [TestCase(0, 2, 2.0, Description = "at once")]
    [TestCase(4, 2, 2 * 0.0067379469990854670, Description = "exp(-5)")]
    [TestCase(4, 4, 2 * 0.28650479686019010, Description = "exp(-5 / 4)")]
    [TestCase(4, 6, 2.0)]
    [TestCase(4, 9, 2.0)]
    public void A_ramp_of_its_own_begins_when_the_warm_up_is_over(int ramp, int epoch, double weight)
    {
        var options = new SelfTrainingOptions { WarmUpEpochs = 2, RampUpEpochs = ramp, UnsupervisedWeight = 2 };

        Assert.That(options.UnsupervisedWeightAt(new StepContext(epoch, 10, null!)), Is.EqualTo(weight).Within(1e-12));
    }

    [Test]
    public void Cosine_learning_rate()
    {
        foreach (var entry in OracleFolder.Read("rampup.json").GetProperty("cosine").EnumerateArray())
        {
            var (length, initial) = (entry.GetProperty("T").GetDouble(), entry.GetProperty("lr0").GetDouble());
            foreach (var (time, value) in entry.GetProperty("t").EnumerateArray().Zip(entry.GetProperty("value").EnumerateArray()))
            {
                Assert.That(RampUp.Cosine(initial, time.GetDouble(), length), Is.EqualTo(value.GetDouble()).Within(1e-9 * initial));
            }
        }
    }
}
