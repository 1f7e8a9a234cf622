using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class AdamOptimizerTests : TorchFixture
{
    [Test]
    public void Steps_are_those_of_TorchSharp_to_the_last_bit()
    {
        var (own, theirs) = (Parameters(), Parameters());
        using var ownOptimizer = new AdamOptimizer(Groups(own));
        using var theirOptimizer = optim.Adam(Groups(theirs));

        for (var step = 0; step < 20; step++)
        {
            for (var i = 0; i < own.Length; i++)
            {
                // The last parameter has its first gradient late, as the decoders that are made from theta do.
                if (i < own.Length - 1 || step >= 5)
                {
                    var gradient = randn(own[i].shape);
                    own[i].grad = gradient;
                    theirs[i].grad = gradient.clone();
                }
            }

            ownOptimizer.step();
            theirOptimizer.step();
        }

        Assert.That(own.Select(ManagedDice.Values), Is.EqualTo(theirs.Select(ManagedDice.Values)));
        Assert.That(own.Select(ManagedDice.Values), Is.Not.EqualTo(Parameters().Select(ManagedDice.Values)));
    }

    private static Parameter[] Parameters()
    {
        random.manual_seed(3);
        return [new Parameter(randn(4, 3)), new Parameter(randn(5)), new Parameter(randn(2, 2))];
    }

    private static IEnumerable<Adam.ParamGroup> Groups(Parameter[] parameters) =>
        [new Adam.ParamGroup([parameters[0]], 1e-3), new Adam.ParamGroup(parameters.Skip(1), 1e-2)];
}
