namespace AmbiSSL.MLNet.Tests;

[SetUpFixture]
public sealed class TorchSetUp
{
    [OneTimeSetUp]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();
}
