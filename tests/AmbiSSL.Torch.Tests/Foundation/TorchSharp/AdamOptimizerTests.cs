using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class AdamOptimizerTests : TorchFixture
{
    [Test]
    public void Steps_are_those_of_TorchSharp()
    {
        var (own, theirs) = (Parameters(), Parameters());
        var ownOptimizer = new AdamOptimizer([([own[0]], 1), (own.Skip(1), 10)], 1e-3);
        using var theirOptimizer = optim.Adam([new Adam.ParamGroup([theirs[0]], 1e-3), new Adam.ParamGroup(theirs.Skip(1), 1e-2)]);

        for (var step = 0; step < 20; step++)
        {
            for (var i = 0; i < own.Length; i++)
            {
                // The last parameter has its first gradient late, as the decoders that are made from theta do.
                if (i < own.Length - 1 || step >= 5)
                {
                    own[i].grad = Laid(randn(own[i].shape), own[i]);
                    theirs[i].grad = own[i].grad!.clone();
                }
            }

            ownOptimizer.Step();
            theirOptimizer.step();
        }

        foreach (var (mine, expected) in own.Zip(theirs))
        {
            Assert.That(ManagedDice.Values(mine), Is.EqualTo(ManagedDice.Values(expected)).Within(1e-6));
        }

        Assert.That(own.Select(ManagedDice.Values), Is.Not.EqualTo(Parameters().Select(ManagedDice.Values)));
    }

    [Test]
    public void Rates_that_are_set_have_the_factors_of_their_groups()
    {
        Parameter[] parameters = [new(zeros(1)), new(zeros(1))];
        var optimizer = new AdamOptimizer([([parameters[0]], 1), ([parameters[1]], 10)], 1);
        optimizer.SetLearningRate(1e-3);
        foreach (var parameter in parameters)
        {
            parameter.grad = ones(1);
        }

        optimizer.Step();

        // The first step of Adam has the size of the learning rate, whatever the gradient.
        Assert.That(optimizer.LearningRate, Is.EqualTo(1e-3));
        Assert.That(parameters.Select(parameter => parameter.item<float>()), Is.EqualTo([-1e-3f, -1e-2f]).Within(1e-6f));
    }

    [Test]
    public void Parameters_without_a_gradient_stay_as_they_are()
    {
        var parameters = Parameters();
        var optimizer = new AdamOptimizer([(parameters, 1)], 1e-3);
        parameters[0].grad = ones_like(parameters[0]);
        optimizer.Step();
        optimizer.ForgetGradients();
        var before = parameters.Select(ManagedDice.Values).ToArray();

        optimizer.Step();

        Assert.That(parameters.Select(ManagedDice.Values), Is.EqualTo(before));
    }

    /// <summary>The last but one is laid out as the weights of convolutions are.</summary>
    private static Parameter[] Parameters()
    {
        random.manual_seed(3);
        var parameters = new Parameter[] { new(randn(4, 3)), new(randn(5)), new(randn(3, 4, 3, 3)), new(randn(2, 2)) };
        using var gradients = no_grad();
        parameters[2].set_(Laid(parameters[2].detach(), parameters[2]));
        return parameters;
    }

    private static Tensor Laid(Tensor values, Tensor like) =>
        like.dim() == 4 ? values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : values;
}
