using NUnit.Framework;
using TorchSharp;

namespace AmbiSSL.Torch.Tests;

/// <summary>Gives each test a dispose scope of its own, and the same random numbers whatever ran before it.</summary>
public abstract class TorchFixture
{
    private DisposeScope? _scope;

    [SetUp]
    public void OpenScope()
    {
        _scope = torch.NewDisposeScope();
        torch.random.manual_seed(1);
    }

    [TearDown]
    public void CloseScope() => _scope?.Dispose();
}
