using NUnit.Framework;
using TorchSharp;

namespace AmbiSSL.Torch.Tests;

/// <summary>Gives each test a dispose scope of its own.</summary>
public abstract class TorchFixture
{
    private DisposeScope? _scope;

    [SetUp]
    public void OpenScope() => _scope = torch.NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope?.Dispose();
}
