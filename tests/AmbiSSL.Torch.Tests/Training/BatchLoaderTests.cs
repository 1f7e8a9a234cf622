using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class BatchLoaderTests : TorchFixture
{
    [Test]
    public void Strong_labeled_images_change_their_intensities_and_keep_their_masks()
    {
        TrainingBatch Labeled(bool strong) => Load(new AugmentationOptions { StrongLabeled = strong, CutMixLabeled = false }, unlabeled: 0);

        var (weak, strong) = (Labeled(false), Labeled(true));

        Assert.Multiple(() =>
        {
            Assert.That(strong.Annotations.eq(weak.Annotations).all().item<bool>());
            Assert.That((strong.LabeledImages - weak.LabeledImages).abs().mean().item<float>(), Is.GreaterThan(1e-3f));
        });
    }

    [Test]
    public void A_labeled_image_shows_its_neighbor_in_a_rectangle_with_the_neighbors_annotations()
    {
        TrainingBatch Labeled(double cutMix) => Load(new AugmentationOptions { CutMixProbability = cutMix, CutMixLabeled = true }, unlabeled: 0);

        var (without, batch) = (Labeled(0), Labeled(1));

        var taken = batch.LabeledImages.ne(without.LabeledImages);
        var (neighbors, outlines) = (without.LabeledImages.roll(1, 0), without.Annotations.roll(1, 0));
        Assert.Multiple(() =>
        {
            Assert.That(taken.to(ScalarType.Float32).mean([1, 2, 3]).data<float>().ToArray(), Has.All.InRange(0.05f, 0.6f));
            Assert.That(batch.LabeledImages.eq(where(taken, neighbors, without.LabeledImages)).all().item<bool>());
            Assert.That(batch.Annotations.eq(where(taken, outlines, without.Annotations)).all().item<bool>());
            Assert.That(batch.Annotations.ne(without.Annotations).any().item<bool>());
        });
    }

    [Test]
    public void A_strong_view_shows_the_labeled_image_where_it_is_pasted()
    {
        var still = new AugmentationOptions { Brightness = 0, Contrast = 0, Noise = 0, BlurProbability = 0 };
        TrainingBatch WithUnlabeled(double cutMix) => Load(still with { CutMixProbability = cutMix }, unlabeled: 4);

        var (without, batch) = (WithUnlabeled(0), WithUnlabeled(1));

        var pasted = batch.Pasted!;
        Assert.Multiple(() =>
        {
            Assert.That(without.Pasted, Is.Null);
            Assert.That(pasted.to(ScalarType.Float32).mean([1, 2, 3]).data<float>().ToArray(), Has.All.InRange(0.05f, 0.6f));
            Assert.That((batch.StrongImages! - where(pasted, batch.LabeledImages, batch.WeakImages!)).abs().max().item<float>(), Is.LessThan(1e-5));
        });
    }

    /// <summary>A batch of four labeled images and so many unlabeled ones, always with the same seed.</summary>
    private static TrainingBatch Load(AugmentationOptions options, int unlabeled)
    {
        using var images = TinyData.Images(TinyData.Shape);
        using var generator = new Generator(1);
        return new BatchLoader(images, 2, options, CPU).Load([.. images.Labeled.Take(4)], [.. images.Unlabeled.Take(unlabeled)], generator);
    }
}
