using AmbiSSL.Torch.Foundation;
using System.Text.Json;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>The labeled half of methods with one decoder is that of AmbiSSL with theta alone: the same weights give the same numbers.</summary>
[Category("Oracle")]
public sealed class LatentMethodTests : TorchFixture
{
    private readonly JsonElement _oracle = OracleFolder.Read("ambissl_step.json");

    private static IEnumerable<TestCaseData> Methods() =>
        from options in (LatentSegmentationOptions[])
            [new SupervisedOptions(), new DPersonaOptions(), new SelfTrainingOptions(), new ConsistencyRegularizationOptions()]
        from type in TorchOracle.Types
        select new TestCaseData(options, type).SetArgDisplayNames(options.MethodName, $"{type}");

    [TestCaseSource(nameof(Methods))]
    public void Labeled_loss_terms(LatentSegmentationOptions options, ScalarType type)
    {
        using var method = (LatentMethod)CreateMethod(options, type);

        var terms = Supervised(method, type);

        foreach (var (name, oracleName) in new[] { ("kl", "kl_l"), ("dice", "seg_l_theta"), ("bound", "bound_theta") })
        {
            AssertTerm(terms, name, oracleName, type);
        }
    }

    [TestCaseSource(typeof(TorchOracle), nameof(TorchOracle.Types))]
    public void Labeled_loss_terms_of_two_networks_over_one_latent_space(ScalarType type)
    {
        using var method = (LatentMethod)CreateMethod(new CrossPseudoSupervisionOptions(), type);

        var terms = Supervised(method, type);

        foreach (var network in new[] { "first", "second" })
        {
            AssertTerm(terms, $"dice_{network}", "seg_l_theta", type);
            AssertTerm(terms, $"bound_{network}", "bound_theta", type);
        }

        AssertTerm(terms, "kl", "kl_l", type);
        var expected = _oracle.GetProperty("terms");
        double Term(string name) => expected.GetProperty(name).GetDouble();
        TorchOracle.AssertClose(
            terms.Total, Term("kl_l") + (2 * (Term("seg_l_theta") + (0.5 * Term("bound_theta")))), TorchOracle.Tolerance(type), "total");
    }

    [Test]
    public void The_energy_distance_of_masks_drawn_from_the_prior_counts_with_its_weight()
    {
        using var method = (LatentMethod)CreateMethod(new SelfTrainingOptions { EnergyWeight = 3 }, ScalarType.Float64);
        var (images, annotations) = (_oracle.Tensor("x_l", ScalarType.Float64), _oracle.Tensor("Y", ScalarType.Float64));
        var noise = randn([5, images.shape[0], method.NoiseDimensions], dtype: ScalarType.Float64, generator: new Generator(1));

        var without = Supervised(method, ScalarType.Float64);
        var with = Supervised(method, ScalarType.Float64, noise);

        var drawn = method.Network.Logits(images, method.Latent.PriorCodes(images, noise.transpose(0, 1)));
        var energy = EnergyDistance.Compute(drawn, annotations.unsqueeze(2)).item<double>();
        Assert.That(with.Terms.Single(term => term.Name == "energy").Value.item<double>(), Is.EqualTo(energy).Within(1e-9));
        Assert.That((with.Total - without.Total).item<double>(), Is.EqualTo(3 * energy).Within(1e-9));
    }

    [Test]
    public void Without_weight_nothing_is_drawn_for_the_energy_distance()
    {
        using var generator = new Generator(1);

        LabeledDraws Draw(double weight) =>
            new SupervisedLoss(new SelfTrainingOptions { EnergyWeight = weight, EnergySamples = 5 })
                .Draw(new TrainingBatch(zeros([2, 1, 8, 8]), zeros([2, 3, 1, 8, 8]), null, null), new StepContext(0, 1, new DeviceRandom(generator, CPU)));

        Assert.That((Draw(0).Energy, Draw(1).Energy!.shape), Is.EqualTo(((Tensor?)null, new long[] { 5, 2, 6 })));
    }

    [TestCase(1, null, 0, 1)]
    [TestCase(1, 4, 2, 0.2865047968601901)]
    [TestCase(3, null, 0, 0.006737946999085467)]
    [TestCase(3, null, 1, 0.2865047968601901)]
    [TestCase(3, null, 2, 1)]
    [TestCase(3, 0, 0, 1)]
    public void The_energy_distance_of_several_classes_gains_its_weight_in_the_first_third_of_the_epochs(long classes, int? rampUp, int epoch, double share)
    {
        using var generator = new Generator(1);
        var batch = new TrainingBatch(zeros([2, 1, 8, 8]), zeros([2, 3, classes, 8, 8]), null, null);

        var draws = new SupervisedLoss(new SelfTrainingOptions { EnergyRampUpEpochs = rampUp })
            .Draw(batch, new StepContext(epoch, 6, new DeviceRandom(generator, CPU)));

        Assert.That(draws.EnergyShare, Is.EqualTo(share).Within(1e-15));
    }

    [Test]
    public void A_share_of_the_energy_distances_weight_is_that_share_of_the_loss()
    {
        using var method = (LatentMethod)CreateMethod(new SelfTrainingOptions { EnergyWeight = 3 }, ScalarType.Float64);
        long[] shape = [5, _oracle.Tensor("x_l", ScalarType.Float64).shape[0], method.NoiseDimensions];
        var noise = randn(shape, dtype: ScalarType.Float64, generator: new Generator(1));

        (double Total, double Energy) Of(double share)
        {
            var loss = Supervised(method, ScalarType.Float64, noise, share);
            return (loss.Total.item<double>(), loss.Terms.Single(term => term.Name == "energy").Value.item<double>());
        }

        var (whole, half) = (Of(1), Of(0.5));
        Assert.That(whole.Total - half.Total, Is.EqualTo(1.5 * whole.Energy).Within(1e-9));
    }

    private void AssertTerm(LossPart losses, string name, string oracleName, ScalarType type) => TorchOracle.AssertClose(
        losses.Terms.Single(term => term.Name == name).Value,
        _oracle.GetProperty("terms").GetProperty(oracleName).GetDouble(),
        TorchOracle.Tolerance(type),
        name);

    private LossPart Supervised(LatentMethod method, ScalarType type, Tensor? energyNoise = null, double energyShare = 1)
    {
        var noise = _oracle.GetProperty("noise");
        var draws = new LabeledDraws(
            noise.Tensor("eps_post", type), noise.Tensor("eps_prior", type), _oracle.GetProperty("idx").Indices("y_rand"), energyNoise, energyShare);
        var terms = new LossTerms();
        var batch = new TrainingBatch(_oracle.Tensor("x_l", type), _oracle.Tensor("Y", type).unsqueeze(2), null, null);
        return terms.Sum(method.Supervised(batch, draws, terms));
    }

    /// <summary>The method with the oracle's encoder, theta and latent encoders as its own, or as those of both its networks.</summary>
    private SegmentationMethod CreateMethod(LatentSegmentationOptions options, ScalarType type)
    {
        var parameters = _oracle.GetProperty("params");
        int[] filters = [.. parameters.EnumerateObject()
            .Where(parameter => parameter.Name.StartsWith("enc.blocks.", StringComparison.Ordinal))
            .Where(parameter => parameter.Name.EndsWith(".bias", StringComparison.Ordinal))
            .GroupBy(parameter => parameter.Name.Split('.')[2], parameter => parameter.Value.GetProperty("shape")[0].GetInt32())
            .Select(block => block.First())];
        var tiny = options with
        {
            Backbone = new UNetBackbone { Filters = filters, ConvolutionsPerBlock = 2, BatchNormalization = false },
            LatentFilters = filters,
            LatentConvolutionsPerBlock = 2,
            LatentDimensions = parameters.GetProperty("prior.head.bias").GetProperty("shape")[0].GetInt32() / 2,
            SortsMasks = false,
        };
        var image = _oracle.GetProperty("x_l").GetProperty("shape");
        var shape = new ImageShape(image[1].GetInt32(), image[2].GetInt32(), image[3].GetInt32());
        var method = tiny.CreateMethod(shape, _oracle.GetProperty("Y").GetProperty("shape")[1].GetInt32(), MaskClasses.One);
        method.to(type);
        using var gradients = no_grad();
        foreach (var (name, parameter) in method.named_parameters().Where(named => !named.name.StartsWith("proj.", StringComparison.Ordinal)))
        {
            parameter.copy_(parameters.Tensor(OracleName(name), type));
        }

        return method;
    }

    private static string OracleName(string name) => name.Split('.') switch
    {
        ["net" or "second", "enc", .. var rest] => $"enc.{string.Join('.', rest)}",
        ["net" or "second", var part, .. var rest] => $"{part}.theta.{string.Join('.', rest)}",
        _ => name,
    };
}
