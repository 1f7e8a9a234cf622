using AmbiSSL.Torch.Models;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

internal sealed class WeightTableTests : TorchFixture
{
    private static readonly BackboneOptions[] Backbones =
    [
        new UNetBackbone { Filters = [3, 5, 4], ConvolutionsPerBlock = 3 },
        new UNetBackbone { Filters = [4, 7], ConvolutionsPerBlock = 1, BatchNormalization = false },
        new UNetBackbone { Filters = [4, 7], ConvolutionsPerBlock = 1, Normalization = FeatureNormalization.Instance },
        new ResNet34Backbone(),
    ];

    private static (int Annotators, MaskClasses Classes)[] Masks =>
        [(1, MaskClasses.One), (3, MaskClasses.One), (2, new MaskClasses(["core", "rim", "cyst"])), (2, new MaskClasses(["first", "second"], overlap: true))];

    [Test]
    public void It_is_what_a_method_that_is_made_has(
        [ValueSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))] string word,
        [ValueSource(nameof(Backbones))] BackboneOptions backbone,
        [ValueSource(nameof(Masks))] (int Annotators, MaskClasses Classes) masks)
    {
        var options = RegisteredMethods.Options(word) with { Backbone = backbone };
        if (options is LatentSegmentationOptions latent)
        {
            options = latent with { LatentDimensions = 5, LatentFilters = [3, 4, 6], LatentConvolutionsPerBlock = 2 };
        }

        var (annotators, classes) = masks;
        var shape = new ImageShape(annotators, 32, 32);
        using var method = options.CreateMethod(shape, annotators, classes);

        Assert.That(
            WeightTable.Of(options, shape, annotators, classes).Select(weight => $"{weight.Name} {weight.Type} [{string.Join(", ", weight.Shape)}]"),
            Is.EquivalentTo(method.state_dict().Select(weight => $"{weight.Key} {weight.Value.dtype} [{string.Join(", ", weight.Value.shape)}]")));
    }

    [Test]
    public void Of_absurd_sizes_the_first_weights_are_told_at_once()
    {
        var options = TinyData.Options with
        {
            LatentDimensions = int.MaxValue, LatentFilters = [int.MaxValue, int.MaxValue], LatentConvolutionsPerBlock = int.MaxValue,
            Backbone = new UNetBackbone { Filters = [int.MaxValue, int.MaxValue], ConvolutionsPerBlock = int.MaxValue },
        };

        Assert.That(
            WeightTable.Of(options, TinyData.Shape, int.MaxValue, MaskClasses.One).Skip(1002).First().Shape,
            Is.EqualTo((long[])[int.MaxValue, int.MaxValue, 3, 3]));
    }
}
