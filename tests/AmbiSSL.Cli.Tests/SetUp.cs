namespace AmbiSSL.Cli.Tests;

[SetUpFixture]
public sealed class SetUp
{
    [OneTimeSetUp]
    public void LoadNativeLibraries() => TorchRuntime.EnsureLoaded();

    [OneTimeTearDown]
    public void DeleteSharedFiles() => CliFixture.DeleteShared();
}
