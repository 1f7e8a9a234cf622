using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>Every method leaves pixels out that a reader ignores.</summary>
[TestFixtureSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
internal sealed class IgnoredPixelsContractTests(string word)
{
    private const int Epoch = 4;

    private readonly SegmentationOptions _options = RegisteredMethods.Options(word);

    [Test]
    public void Where_every_pixel_counts_the_loss_is_the_same() => Assert.That(Loss(Counted(share: 1)), Is.EqualTo(Loss(null)).Within(1e-5));

    [Test]
    public void Where_some_do_not_the_loss_is_another() => Assert.That(Loss(Counted(share: 0.5)), Is.Not.EqualTo(Loss(null)).Within(1e-4));

    [Test]
    public void Where_none_counts_the_loss_is_a_number() => Assert.That(float.IsFinite(Loss(Counted(share: 0))));

    private static Tensor Counted(double share) => rand([4, 2, 1, 16, 16], generator: new Generator(3)).le(share).to(ScalarType.Float32);

    private float Loss(Tensor? counted)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var method = _options.CreateMethod(TinyData.Shape, annotators: 2, MaskClasses.One);
        method.train();
        using var generator = new Generator(5);
        method.BeginEpoch(Epoch, generator);
        var annotations = rand([4, 2, 1, 16, 16], generator: new Generator(2)).gt(0.5).to(ScalarType.Float32) * (counted ?? ones(1));
        var pasted = zeros([4, 1, 1, 16, 16], ScalarType.Bool);
        pasted[.., .., .., ..8] = true;
        var (images, weak) = (rand([4, 1, 16, 16], generator: generator), rand([4, 1, 16, 16], generator: generator));
        var batch = new TrainingBatch(images, annotations, weak, where(pasted.squeeze(2), images, weak), pasted, Counted: counted);
        return method.Whole(batch, new StepContext(Epoch, 8, new DeviceRandom(generator, CPU))).Total.item<float>();
    }
}
