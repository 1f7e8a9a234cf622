using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Tests.Methods;
using AmbiSSL.Torch.Tests.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation;

/// <summary>libtorch never reads a scalar that a garbage collection may free meanwhile; see <see cref="TensorArithmetic"/>.</summary>
public sealed class ScalarLifetimeTests : TorchFixture
{
    [Test]
    public void Nothing_makes_a_scalar_that_nothing_keeps()
    {
        using var temporaries = new TemporaryScalars(typeof(TensorArithmetic).Assembly.Location);

        Assert.That(temporaries.Makers, Has.Some.EndsWith("Tensor::op_Addition(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"));
        Assert.That(temporaries.Makers, Has.Some.Contains("Tensor::square()"));
        Assert.That(temporaries.Makers, Has.Some.Contains("nn::BatchNorm2d("));
        Assert.That(temporaries.Makers, Has.Some.Contains("optim::Adam("));
        Assert.That(temporaries.Makers, Has.None.EndsWith("Tensor::op_Multiply(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"));
        Assert.That(
            temporaries.Calls().Where(call => !(call.Contains("TensorScript::Call(", StringComparison.Ordinal)
                && call.Contains("CompilationUnit::invoke(", StringComparison.Ordinal))),
            Is.Empty,
            "the script, which is given tensors alone, may");
    }

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void A_training_gives_the_same_bits_while_another_thread_collects_garbage(string word)
    {
        var options = RegisteredMethods.Options(word);
        var undisturbed = TinyRun.Train(options);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            TinyRun.Train(options).AssertEquals(undisturbed);
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }
}
