using AmbiSSL.MLNet.Tests.Support;

namespace AmbiSSL.MLNet.Tests;

public sealed class LongTests
{
    // With --divide 1, which takes minutes, the benchmark 'long' sees less than this does.
    [Test]
    [Category("Slow")]
    public void CallsMadeAgainAndAgain_KeepNeitherMemoryNorFiles() =>
        Assert.That(AnotherProcess.Long(divisor: 40), Has.Length.EqualTo(5).And.None.StartsWith("exit code"));
}
