using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Latent;

public sealed class LatentDistributionTests : TorchFixture
{
    [Category("Oracle")]
    [TestCaseSource(typeof(TorchOracle), nameof(TorchOracle.Types))]
    public void Reparameterized_codes(ScalarType type)
    {
        var oracle = OracleFolder.Read("rsample.json");
        LatentDistribution Distribution(LatentFamily family) => new(family, oracle.Tensor("mu", type), oracle.Tensor("log_scale", type));

        var normal = Distribution(LatentFamily.Normal).Codes(oracle.Tensor("eps", type));
        var laplace = Distribution(LatentFamily.Laplace).Codes(oracle.Tensor("u", type));

        TorchOracle.AssertClose(normal, oracle.GetProperty("z_normal"), TorchOracle.Tolerance(type), "z_normal");
        TorchOracle.AssertClose(laplace, oracle.GetProperty("z_laplace"), TorchOracle.Tolerance(type), "z_laplace");
    }

    [Test]
    public void Noise_of_the_Laplace_family_never_gives_an_infinite_code()
    {
        using var generator = new Generator(3);
        var noise = LatentFamily.Laplace.Noise([1_000_000], generator);
        var codes = new LatentDistribution(LatentFamily.Laplace, zeros(1), zeros(1)).Codes(noise);

        Assert.Multiple(() =>
        {
            Assert.That(codes.isfinite().all().item<bool>());
            Assert.That(codes.mean().item<float>(), Is.EqualTo(0).Within(0.01));
            Assert.That(codes.var().item<float>(), Is.EqualTo(2).Within(0.02), "the variance of a Laplace distribution of scale 1");
        });
    }

    [Test]
    public void Same_seed_gives_the_same_noise()
    {
        using var first = new Generator(5);
        using var second = new Generator(5);

        var noise = LatentFamily.Normal.Noise([8], first);
        var again = LatentFamily.Normal.Noise([8], second);

        Assert.That(again.data<float>().ToArray(), Is.EqualTo(noise.data<float>().ToArray()));
    }
}
