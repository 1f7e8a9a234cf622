using AmbiSSL.Torch.Foundation;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation;

internal sealed class DisposalGateTests
{
    private int _freed;
    private DisposalGate _gate = null!;

    [SetUp]
    public void Make() => (_freed, _gate) = (0, new DisposalGate(() => Interlocked.Increment(ref _freed)));

    [Test]
    public void Disposal_frees_at_once_where_nobody_uses_it()
    {
        _gate.Dispose();

        Assert.That(_freed, Is.EqualTo(1));
    }

    [Test]
    public void The_last_use_frees_after_disposal()
    {
        var (first, second) = (_gate.Enter(this), _gate.Enter(this));
        _gate.Dispose();
        first.Dispose();
        Assert.That(_freed, Is.Zero);

        second.Dispose();

        Assert.That(_freed, Is.EqualTo(1));
    }

    [Test]
    public void No_use_begins_after_disposal_though_others_go_on()
    {
        using var use = _gate.Enter(this);
        _gate.Dispose();

        Assert.That(() => _gate.Enter(this), Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EndsWith(nameof(DisposalGateTests)));
    }

    [Test]
    public void A_second_disposal_does_nothing()
    {
        using (_gate.Enter(this))
        {
            _gate.Dispose();
            _gate.Dispose();
            Assert.That(_freed, Is.Zero);
        }

        Assert.That(_freed, Is.EqualTo(1));
    }

    [Test]
    public void Racing_threads_free_once_and_never_during_a_use()
    {
        for (var round = 0; round < 200; round++)
        {
            Make();
            var problems = 0;
            Parallel.For(0, 8, thread =>
            {
                try
                {
                    for (var i = 0; i < 50; i++)
                    {
                        using var use = _gate.Enter(this);
                        Interlocked.Add(ref problems, _freed);
                    }
                }
                catch (ObjectDisposedException)
                {
                }

                _gate.Dispose();
            });

            Assert.That((_freed, problems), Is.EqualTo((1, 0)));
        }
    }
}
