using AmbiSSL.Torch.Reports;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Reports;

public sealed class MaskRunsTests
{
    [TestCase(new byte[] { 0, 0, 1 }, new byte[] { 2, 1 })]
    [TestCase(new byte[] { 255, 1, 0 }, new byte[] { 0, 2, 1 }, TestName = "A mask that begins with foreground has an empty run of background first")]
    public void Runs_are_in_turn_background_and_foreground(byte[] mask, byte[] runs) =>
        Assert.That(MaskRuns.Encode(mask), Is.EqualTo(Convert.ToBase64String(runs)));

    [Test]
    public void A_run_of_128_and_more_takes_two_bytes_the_low_bits_first() =>
        Assert.That(MaskRuns.Encode(new byte[300]), Is.EqualTo(Convert.ToBase64String([(300 & 127) | 128, 300 >> 7])));
}
