using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class BatchLoaderTests : TorchFixture
{
    private static readonly IntensityScale Unscaled = new(0, 1, Window: null);

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
            Assert.That(batch.Annotations.eq(where(taken.unsqueeze(2), outlines, without.Annotations)).all().item<bool>());
            Assert.That(batch.Annotations.ne(without.Annotations).any().item<bool>());
        });
    }

    [Test]
    public void All_classes_of_a_mask_move_with_the_image()
    {
        // A bright first class and a darker second one, wherever they have turned to.
        var shape = new ImageShape(1, 16, 16);
        using var images = new ImageCache(shape);
        var numbers = Enumerable.Range(0, 256).Select(pixel => (byte)(pixel % 16 < 5 ? pixel / 64 == 1 ? 2 : 1 : 0)).ToArray();
        var masks = MaskSet.OfClassNumbers(
            shape.Size, [.. numbers, .. new byte[256]], new MaskClasses(["core", "rim"]), ["r1", "r2"], [.. new byte[256], .. numbers]);
        images.Add(new ImagePixels(shape, Array.ConvertAll(numbers, number => number / 2f)), masks);
        var loader = new BatchLoader(
            images, Unscaled, 2, isByReader: true, new AugmentationOptions { RotationProbability = 0, CutMixProbability = 0, StrongLabeled = false }, CPU);

        for (var seed = 0UL; seed < 4; seed++)
        {
            using var scope = NewDisposeScope();
            var batch = loader.Load([0], [], new Generator(seed));
            var planes = batch.Annotations.reshape(2, 2, 16, 16);
            Assert.That((planes[0, 0].Times(0.5) + planes[0, 1] - batch.LabeledImages[0, 0]).abs().max().item<float>(), Is.LessThan(1e-5));
            Assert.That(planes[1].any().item<bool>(), Is.False);
            Assert.That(batch.Counted!.reshape(2, 16, 16)[1].eq(batch.LabeledImages[0, 0].logical_not()).all().item<bool>());
        }
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
            Assert.That(pasted.to(ScalarType.Float32).mean([1, 2, 3, 4]).data<float>().ToArray(), Has.All.InRange(0.05f, 0.6f));
            Assert.That((batch.StrongImages! - where(pasted.squeeze(2), batch.LabeledImages, batch.WeakImages!)).abs().max().item<float>(), Is.LessThan(1e-5));
        });
    }

    [Test]
    public void Masks_are_at_the_positions_of_their_readers_and_absent_readers_are_told()
    {
        using var images = OfReaders(["r1", "r3"], ["r1", "r2"]);

        var batch = LoadAll(images, new AugmentationOptions { CutMixProbability = 0 });

        Assert.Multiple(() =>
        {
            Assert.That(batch.IsByReader);
            Assert.That(batch.Presence!.flatten().data<float>().ToArray(), Is.EqualTo((float[])[1, 0, 1, 1, 1, 0]));
            Assert.That(batch.Annotations[0, 2].eq(batch.Annotations[0, 0]).all().item<bool>(), Is.False, "r3 is not r1");
            Assert.That(batch.Annotations[0, 1].eq(batch.Annotations[0, 0]).all().item<bool>(), "of r2 stands what r1 drew");
        });
    }

    [Test]
    public void Of_an_image_with_fewer_annotations_than_others_the_repeated_ones_are_told()
    {
        using var images = new ImageCache(TinyData.Shape);
        foreach (var count in new[] { 2, 3 })
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, images.Count, count);
            images.Add(pixels, annotations);
        }

        using var generator = new Generator(1);
        var loader = new BatchLoader(images, Unscaled, images.MaximumAnnotators, isByReader: false, new AugmentationOptions { CutMixProbability = 0 }, CPU);

        var batch = loader.Load([0, 1], [], generator);

        Assert.Multiple(() =>
        {
            Assert.That(batch.Own!.flatten().data<float>().ToArray(), Is.EqualTo((float[])[1, 1, 0, 1, 1, 1]));
            Assert.That(batch.Annotations[0, 2].eq(batch.Annotations[0, 0]).all().item<bool>(), "the third is the first again");
            Assert.That(batch.Presence, Is.Null, "ranks by area are all there");
        });
    }

    [Test]
    public void Where_all_readers_are_present_nothing_is_told()
    {
        using var images = OfReaders(["r1", "r2"], ["r2", "r1"]);

        Assert.That(LoadAll(images, new AugmentationOptions()).Presence, Is.Null);
    }

    [Test]
    public void A_rectangle_of_a_neighbour_without_a_reader_of_the_image_is_not_shown()
    {
        using var images = OfReaders(["r1", "r3"], ["r1", "r2", "r3"]);
        TrainingBatch Load(double cutMix) => LoadAll(images, new AugmentationOptions { CutMixProbability = cutMix, CutMixLabeled = true });

        var changed = Load(1).LabeledImages.ne(Load(0).LabeledImages).flatten(1).any(1);

        Assert.That(changed.data<bool>().ToArray(), Is.EqualTo((bool[])[true, false]));
    }

    private static ImageCache OfReaders(params string[][] readers)
    {
        var images = new ImageCache(TinyData.Shape);
        foreach (var names in readers)
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, images.Count, names.Length);
            images.Add(pixels, annotations, names);
        }

        return images;
    }

    private static TrainingBatch LoadAll(ImageCache images, AugmentationOptions options)
    {
        using var generator = new Generator(1);
        return new BatchLoader(images, Unscaled, images.Readers.Count, isByReader: true, options, CPU).Load([.. images.Labeled], [], generator);
    }

    /// <summary>A batch of four labeled images and so many unlabeled ones, always with the same seed.</summary>
    private static TrainingBatch Load(AugmentationOptions options, int unlabeled)
    {
        using var images = TinyData.Images(TinyData.Shape);
        using var generator = new Generator(1);
        return new BatchLoader(images, Unscaled, 2, isByReader: false, options, CPU)
            .Load([.. images.Labeled.Take(4)], [.. images.Unlabeled.Take(unlabeled)], generator);
    }
}
