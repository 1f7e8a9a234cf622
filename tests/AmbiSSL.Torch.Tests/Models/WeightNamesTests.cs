using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Models;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>Files hold each weight once.</summary>
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
        using var model = new SegmentationModel(
            options,
            new ImageFormat(TinyData.Shape, PixelType.UInt8, Preprocessing.None) { Intensities = new IntensityScale(0, 255, Window: null) },
            Annotators,
            [],
            options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One),
            CPU);
        var weights = model.Method.parameters().Concat(model.Method.buffers()).Sum(tensor => tensor.numel() * tensor.element_size());
        using var stream = new MemoryStream();

        model.Save(stream);

        Assert.That(stream.Length / (double)weights, Is.InRange(1, 1.1));
    }

    [Test]
    public void A_weight_that_is_missing_is_named()
    {
        var weights = Weights();
        weights.Remove("enc.blocks.0.0.weight", out var weight);
        weights["enc.blocks.9.0.weight"] = weight!;

        Assert.That(() => Load(weights), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
            "model.safetensors holds a model that this package cannot rebuild: there is no weight 'enc.blocks.0.0.weight'."));
    }

    [Test]
    public void A_weight_without_a_place_is_named()
    {
        var weights = Weights();
        weights["enc._blocks.0.0.weight"] = zeros(0);

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
        using var method = options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);
        var weights = method.state_dict();

        Assert.That(weights.Values.Select(weight => weight.Handle), Is.Unique);
        Assert.That(weights, Has.Count.EqualTo(method.parameters().Count() + method.buffers().Count()));
    }

    private static Dictionary<string, Tensor> Weights()
    {
        using var method = TinyData.Options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);
        return method.state_dict().ToDictionary(named => named.Key, named => named.Value.detach().clone());
    }

    /// <summary>Loads a file of these weights whose checksum is right.</summary>
    private static void Load(Dictionary<string, Tensor> weights)
    {
        var images = new ImageFormat(TinyData.Shape, PixelType.Float32, Preprocessing.None) { Intensities = new IntensityScale(0, 1, Window: null) };
        using var stream = new MemoryStream();
        var description = new ModelDescription(
            TinyData.Options, images, Annotators, Readers: [], TrainedEpochs: 1, new AnswerSettings(MaskClasses.One), FeatureRange: null);
        SealedTensors.Write(stream, weights, description.ToTexts());
        stream.Position = 0;
        SegmentationModel.Load(stream, "model.safetensors").Dispose();
    }
}
