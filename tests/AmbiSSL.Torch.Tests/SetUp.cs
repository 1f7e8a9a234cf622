using NUnit.Framework;

[assembly: NUnit.Framework.LevelOfParallelism(1)]

namespace AmbiSSL.Torch.Tests;

[SetUpFixture]
public sealed class SetUp
{
    [OneTimeSetUp]
    public void LoadNativeLibraries() => TorchRuntime.EnsureLoaded();
}
