using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class BatchLoaderTests : TorchFixture
{
    [Test]
    public void Strong_labelled_images_change_their_intensities_and_keep_their_masks()
    {
        using var images = TinyData.Images(TinyData.Shape);
        int[] labeled = [.. images.Labeled.Take(2)];
        TrainingBatch Load(bool strong)
        {
            using var generator = new Generator(1);
            return new BatchLoader(images, 2, new AugmentationOptions { StrongLabeled = strong }, CPU).Load(labeled, [], generator);
        }

        var (weak, strong) = (Load(false), Load(true));

        Assert.Multiple(() =>
        {
            Assert.That(strong.Annotations.eq(weak.Annotations).all().item<bool>());
            Assert.That((strong.LabeledImages - weak.LabeledImages).abs().mean().item<float>(), Is.GreaterThan(1e-3f));
        });
    }
}
