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
