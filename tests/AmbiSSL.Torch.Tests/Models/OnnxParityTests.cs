using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>What ONNX Runtime computes with an exported file is what the model computes.</summary>
[TestFixtureSource(nameof(MethodsBackbonesAndClasses))]
internal sealed class OnnxParityTests(string word, string backbone, MaskClasses classes) : TorchFixture
{
    private const double Tolerance = 1e-4;

    private static readonly ImageShape Shape = new(2, 37, 51);

    private SegmentationModel _model = null!;
    private OnnxModel _exported = null!;

    private static IEnumerable<object[]> MethodsBackbonesAndClasses =>
        from word in RegisteredMethods.Words
        from each in (IEnumerable<(string, MaskClasses)>)
            [
                .. (word == SupervisedOptions.Word ? [.. Backbones.Keys] : (string[])["unet", "resnet34"]).Select(backbone => (backbone, MaskClasses.One)),
                ("unet", new MaskClasses(["core", "rim", "cyst"])), ("unet", new MaskClasses(["core", "rim"], overlap: true)),
            ]
        select (object[])[word, each.Item1, each.Item2];

    private static Dictionary<string, BackboneOptions> Backbones { get; } = new()
    {
        ["unet"] = new UNetBackbone { Filters = [8, 12, 16] },
        ["unet, instances"] = new UNetBackbone { Filters = [8, 12, 16], Normalization = FeatureNormalization.Instance },
        ["resnet34"] = new ResNet34Backbone(),
    };

    [OneTimeSetUp]
    public void Export()
    {
        _model = UntrainedModel.Create(RegisteredMethods.Options(word) with { Backbone = Backbones[backbone] }, Shape, classes: classes);
        _exported = new OnnxModel(_model);
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _exported?.Dispose();
        _model?.Dispose();
    }

    [TestCase(1, 1, 37, 51)]
    [TestCase(3, 4, 41, 32)]
    public void Its_outputs_are_the_model_s(int batch, int samples, int height, int width)
    {
        using var inference = inference_mode();
        var method = _model.Method;
        samples = method.NoiseDimensions > 0 ? samples : _model.KnowsAnnotators ? _model.Annotators : 1;
        var pixels = randint(256, [batch, Shape.Channels, height, width]).to(ScalarType.Float32);
        var noise = randn(batch, samples, method.NoiseDimensions);

        var outputs = _exported.Run([
            ("image", pixels.data<float>().ToArray(), [batch, Shape.Channels, height, width]),
            .. method.NoiseDimensions == 0
                ? ((string, float[], int[])[])[]
                : [("noise", noise.data<float>().ToArray(), [batch, samples, method.NoiseDimensions])],
        ]);

        var expected = method.Probabilities(pixels / 255, noise);
        var mean = expected.mean([1]).contiguous().data<float>().ToArray();
        var largest = mean.Zip((float[])outputs["probability"]).Max(pair => Math.Abs(pair.First - pair.Second));
        TestContext.Out.WriteLine(
            FormattableString.Invariant($"{word}, {backbone}, {classes}, batch {batch}, {samples} masks, {height}x{width}: ")
            + FormattableString.Invariant($"largest difference {largest:E1}, range {mean.Max() - mean.Min():F3}"));
        Assert.That(mean.Max() - mean.Min(), Is.GreaterThan(100 * largest), "the model tells pixels apart");
        Assert.That(outputs["probability"], Is.EqualTo(mean).Within(Tolerance));
        Assert.That(outputs["uncertainty"], Is.EqualTo(Entropy(mean, batch)).Within(10 * Tolerance));
        AssertMasks(outputs["masks"], expected);
        if (_model.KnowsAnnotators)
        {
            AssertMasks(outputs["annotator_masks"], method.AnnotatorProbabilities(pixels / 255, noise));
        }
    }

    private float[] Entropy(float[] probability, int batch)
    {
        var pixels = probability.Length / batch / classes.Count;
        return [.. probability.Chunk(classes.Count * pixels).SelectMany(own =>
        {
            var entropy = new float[pixels];
            ClassProbabilities.Entropy(classes, own, entropy);
            return entropy;
        })];
    }

    /// <summary>A pixel of which two answers are as good may be either; masks of classes that exclude each other are their numbers.</summary>
    private void AssertMasks(Array masks, Tensor expected)
    {
        var activation = new ClassActivation(classes);
        var isExclusive = activation.IsExclusive;
        var all = isExclusive ? cat([1 - expected.sum(2, keepdim: true), expected], 2) : stack([1 - expected, expected], 2);
        var (best, _) = all.topk(2, 2);
        var isClear = (best.select(2, 0) - best.select(2, 1)).gt(2 * Tolerance).contiguous().data<bool>().ToArray();
        var answers = all.argmax(2).contiguous().data<long>().ToArray();
        Assert.That(masks, Has.Length.EqualTo(answers.Length));
        var wrong = masks.Cast<byte>().Zip(answers, isClear).Count(pixel => pixel.Third && pixel.First != pixel.Second);
        Assert.That(wrong, Is.Zero);
    }
}
