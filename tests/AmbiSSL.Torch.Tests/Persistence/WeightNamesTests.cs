using System.Text.Json;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Persistence;
using AmbiSSL.Torch.Tests.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Persistence;

/// <summary>Files hold each weight once; those of version 1 held many several times, and are read all the same.</summary>
public sealed class WeightNamesTests : TorchFixture
{
    private const int Annotators = 2;

    [Test]
    public void Each_weight_of_a_method_has_one_name([ValueSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))] string word) =>
        AssertOneNameEach(RegisteredMethods.Options(word));

    [Test]
    public void Each_weight_of_the_full_backbone_has_one_name() =>
        AssertOneNameEach(RegisteredMethods.Options(ProbabilisticUNetOptions.Word) with { Backbone = new ResNet34Backbone() });

    [Test]
    public void A_model_file_is_hardly_larger_than_its_weights()
    {
        var options = TinyData.Options with { Backbone = new UNetBackbone { Filters = [16, 32, 64] }, LatentFilters = [16, 32] };
        using var method = options.CreateMethod(TinyData.Shape, Annotators);
        var weights = method.parameters().Concat(method.buffers()).Sum(tensor => tensor.numel() * tensor.element_size());
        using var stream = new MemoryStream();

        ModelFile.Write(stream, method, options, TinyData.Shape, Annotators, trainedEpochs: 1);

        Assert.That(stream.Length / (double)weights, Is.InRange(1, 1.1));
    }

    /// <summary>The figures were computed by the package that wrote the file.</summary>
    [Test]
    public void A_model_file_of_version_1_draws_the_samples_that_it_drew()
    {
        using var model = SegmentationModel.Load(Version1("model"));
        var probability = new float[TinyData.Shape.PixelCount];

        model.Sample(TinyData.Image(TinyData.Shape, seed: 99).Pixels, 3, new byte[3 * TinyData.Shape.PixelCount], probability);

        Assert.Multiple(() =>
        {
            Assert.That(probability.Take(4), Is.EqualTo([0.36872718f, 0.36429274f, 0.3642529f, 0.3643405f]).Within(1e-5f));
            Assert.That(probability.Average(), Is.EqualTo(0.3662655f).Within(1e-5f));
        });
    }

    [Test]
    public void A_model_file_of_version_1_is_written_anew_at_half_its_size_with_the_same_weights()
    {
        var (former, _) = Read(File.ReadAllBytes(Version1("model")));
        using var model = SegmentationModel.Load(Version1("model"));
        using var stream = new MemoryStream();
        model.Save(stream);
        var (tensors, metadata) = Read(stream.ToArray());

        Assert.Multiple(() =>
        {
            Assert.That(metadata["version"], Is.EqualTo("2"));
            Assert.That(tensors, Has.Count.LessThan(former.Count));
            Assert.That(stream.Length, Is.LessThan(0.7 * new FileInfo(Version1("model")).Length));
        });
        foreach (var (name, tensor) in tensors)
        {
            Assert.That(tensor.bytes.ToArray(), Is.EqualTo(former[name].bytes.ToArray()), name);
        }
    }

    [Test]
    public void A_checkpoint_of_version_1_gives_its_weights()
    {
        var (former, _) = Read(File.ReadAllBytes(Version1("checkpoint")));
        var (tensors, texts) = CheckpointFile.Read(Version1("checkpoint"));
        using var method = JsonSerializer.Deserialize<SegmentationOptions>(texts["options"])!.CreateMethod(TinyData.Shape, Annotators);

        TrainingState.RestoreWeights(method, tensors);

        foreach (var (name, weight) in method.state_dict())
        {
            Assert.That(weight.eq(former["weights." + name]).all().item<bool>(), name);
        }
    }

    [TestCase("enc._blocks.0.1.running_mean", "enc.blocks.0.1.running_mean")]
    [TestCase("weights.dec.phi._blocks.2.3.weight", "weights.dec.phi.blocks.2.3.weight")]
    [TestCase("net._encoder.layer2.0._downsample.0.weight", "net.enc.layer2.0.downsample.0.weight")]
    [TestCase("net._encoder._stemNormalization.bias", "net.enc.bn1.bias")]
    [TestCase("enc.layer1.0._convolution1.weight", "enc.layer1.0.conv1.weight")]
    [TestCase("net.<Head>k__BackingField._last.bias", "net.seg.last_layer.bias")]
    [TestCase("proj.1._query.weight", "proj.1.query.weight")]
    [TestCase("annotators.0._block.0.weight", "annotators.0.block.0.weight")]
    public void A_second_name_of_version_1_is_left_out(string second, string registered) =>
        Assert.That(NamesThatStay(second, registered), Is.EqualTo([registered]));

    [TestCase("enc._blocks.0.weight", "enc.blocks.1.weight")]
    [TestCase("enc._other.0.weight", "enc.other.0.weight")]
    [TestCase("_momentum", "momentum")]
    public void Any_other_name_stays(string name, string other) => Assert.That(NamesThatStay(name, other), Is.EquivalentTo([name, other]));

    [Test]
    public void A_weight_that_is_missing_is_named()
    {
        var weights = Weights();
        weights.Remove("enc.blocks.0.0.weight");

        Assert.That(() => Load(weights), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
            "model.safetensors holds a model that this package cannot rebuild: there is no weight 'enc.blocks.0.0.weight'."));
    }

    [Test]
    public void A_weight_without_a_place_is_named()
    {
        var weights = Weights();
        weights["enc._blocks.0.0.weight"] = zeros(1);

        Assert.That(() => Load(weights), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
            "model.safetensors holds a model that this package cannot rebuild: weight 'enc._blocks.0.0.weight' has no place in the network."));
    }

    /// <summary>libtorch would spread a single value over all.</summary>
    [Test]
    public void A_weight_of_another_shape_is_named()
    {
        var weights = Weights();
        weights["seg.phi.last_layer.bias"] = zeros(1, 1);

        Assert.That(() => Load(weights), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
            "model.safetensors holds a model that this package cannot rebuild: weight 'seg.phi.last_layer.bias' has the shape [1, 1]; the network has [1]."));
    }

    private static void AssertOneNameEach(SegmentationOptions options)
    {
        using var method = options.CreateMethod(TinyData.Shape, Annotators);
        var weights = method.state_dict();

        Assert.That(weights.Values.Select(weight => weight.Handle), Is.Unique);
        Assert.That(weights, Has.Count.EqualTo(method.parameters().Count() + method.buffers().Count()));
    }

    private static string[] NamesThatStay(params string[] names)
    {
        var tensors = names.ToDictionary(name => name, _ => zeros(1));
        FormerNames.Remove(tensors);
        return [.. tensors.Keys];
    }

    private static string Version1(string kind) => Path.Combine(AppContext.BaseDirectory, "Persistence", "Version1", kind + ".safetensors");

    private static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Read(byte[] file) =>
        Safetensors.Read(new MemoryStream(file), "file");

    private static Dictionary<string, Tensor> Weights()
    {
        using var method = TinyData.Options.CreateMethod(TinyData.Shape, Annotators);
        return method.state_dict().ToDictionary(named => named.Key, named => named.Value.detach().clone());
    }

    /// <summary>Loads a file of these weights whose checksum is right.</summary>
    private static void Load(Dictionary<string, Tensor> weights)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "ambissl",
            ["version"] = "2",
            ["options"] = JsonSerializer.Serialize<SegmentationOptions>(TinyData.Options),
            ["shape"] = JsonSerializer.Serialize(TinyData.Shape),
            ["annotators"] = $"{Annotators}",
            ["sha256"] = ModelFile.Checksum(weights),
        };
        using var stream = new MemoryStream();
        Safetensors.Write(stream, weights, metadata);
        stream.Position = 0;
        SegmentationModel.Load(stream, "model.safetensors").Dispose();
    }
}
