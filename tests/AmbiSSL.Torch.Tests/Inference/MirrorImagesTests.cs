using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Tests.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Inference;

public sealed class MirrorImagesTests : TorchFixture
{
    private static readonly float[,,,] OneInTheCorner = { { { { 1, 0, 0 }, { 0, 0, 0 } } } };

    /// <summary>Drawn is what lies to the left of a pixel or at it: of the turned images, to its right, and so on.</summary>
    [Test]
    public void What_is_drawn_of_each_mirror_image_is_turned_back_and_averaged()
    {
        var draw = MirrorImages.Average((images, noise) => images.cumsum(3) * noise.sum());

        var drawn = draw(tensor(OneInTheCorner), tensor(new float[,,] { { { 2 } } }));

        Assert.That(drawn.shape, Is.EqualTo(new long[] { 1, 1, 2, 3 }));
        Assert.That(drawn.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 1, 1, 0, 0, 0 }).Within(1e-6));
    }

    [Test]
    public void A_mirror_image_gets_mirrored_probabilities()
    {
        using var model = SegmentationTrainer.Fit(TinyRun.Images, TinyData.Options with { Epochs = 2 });
        using var inference = inference_mode();
        var draw = MirrorImages.Average(model.Method.Probabilities);
        var (image, noise) = (rand(1, 1, 16, 16), randn(1, 3, 2));
        long[] axes = [-2, -1];

        var (own, turned) = (draw(image, noise), draw(image.flip(axes), noise));

        Assert.That((turned.flip(axes) - own).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That((own - model.Method.Probabilities(image, noise)).abs().max().item<float>(), Is.GreaterThan(1e-4), "a forward alone is another");
    }

    [Test]
    public void A_model_that_averages_has_the_same_weights_and_draws_other_probabilities()
    {
        var options = TinyData.Options with { Epochs = 2 };

        var (plain, averaged) = (TinyRun.Train(options), TinyRun.Train(options with { AverageMirrorImages = true }));

        Assert.That(averaged.Weights, Is.EqualTo(plain.Weights));
        Assert.That(averaged.Probability, Is.Not.EqualTo(plain.Probability));
    }

    [Test]
    public void A_loaded_model_averages_too()
    {
        using var model = SegmentationTrainer.Fit(TinyRun.Images, TinyData.Options with { Epochs = 2, AverageMirrorImages = true });
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "model");

        TinyRun.Describe(loaded).AssertEquals(TinyRun.Describe(model));
    }

    [Test]
    public void It_is_not_exported()
    {
        using var model = SegmentationTrainer.Fit(TinyRun.Images, TinyData.Options with { Epochs = 2, AverageMirrorImages = true });

        Assert.That(() => model.ExportOnnx("model.onnx"), Throws.InvalidOperationException.With.Message.Contains("AverageMirrorImages"));
    }
}
