using AmbiSSL.Torch.Data;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Data;

public sealed class ImageCacheTests
{
    private static readonly ImageShape Shape = new(1, 2, 3);

    [Test]
    public void Pixels_of_8_bits_and_others_come_back_as_they_went_in()
    {
        float[] bytes = [0, 1 / 255f, 7 / 255f, 128 / 255f, 254 / 255f, 1];
        float[] others = [-1.5f, 0, 0.1f, 0.123456f, 1, 700];
        var cache = new ImageCache(Shape);
        cache.Add(bytes, []);
        cache.Add(others, []);
        var read = new float[6];

        cache.ReadPixels(0, read);
        Assert.That(read, Is.EqualTo(bytes));
        cache.ReadPixels(1, read);
        Assert.That(read, Is.EqualTo(others));
    }

    [Test]
    public void Missing_annotators_repeat_the_others_in_turn()
    {
        byte[] first = [1, 0, 0, 0, 0, 0], second = [0, 255, 1, 0, 0, 1];
        var cache = new ImageCache(Shape);
        cache.Add(new float[6], [.. first, .. second]);
        var read = new float[18];

        cache.ReadAnnotations(0, 3, read);

        Assert.That(read, Is.EqualTo((float[])[1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void Labelled_and_unlabeled_images_are_told_apart()
    {
        var cache = new ImageCache(Shape);
        cache.Add(new float[6], []);
        cache.Add(new float[6], new byte[12]);

        Assert.Multiple(() =>
        {
            Assert.That(cache.Unlabeled, Is.EqualTo((int[])[0]));
            Assert.That(cache.Labeled, Is.EqualTo((int[])[1]));
            Assert.That(cache.MaximumAnnotators, Is.EqualTo(2));
            Assert.That((cache.AnnotationCount(0), cache.AnnotationCount(1)), Is.EqualTo((0, 2)));
        });
    }

    [Test]
    public void A_pixel_that_is_no_number_is_refused() => Assert.That(
        () => new ImageCache(Shape).Add([0, 0, float.NaN, 0, 0, 0], []),
        Throws.ArgumentException.With.Message.StartsWith("pixel value 2 is NaN; pixels must be finite numbers."));

    [Test]
    public void A_mask_of_another_size_is_refused() => Assert.That(
        () => new ImageCache(Shape).Add(new float[6], new byte[7]),
        Throws.ArgumentException.With.Message.StartsWith("7 annotation values, not a multiple of 2x3 = 6."));
}
