using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Imaging;

public sealed class AugmentationTests : TorchFixture
{
    private static readonly AugmentationOptions Still = new() { FlipProbability = 0, RotationProbability = 0 };

    [Test]
    public void Nothing_moves_where_every_probability_is_zero()
    {
        using var generator = new Generator(1);
        var images = rand(3, 2, 9, 12);
        var masks = rand(3, 4, 9, 12).round();

        var (weak, moved) = new Augmentation(Still).Weak(images, masks, generator);

        Assert.Multiple(() =>
        {
            Assert.That((weak - images).abs().max().item<float>(), Is.LessThan(1e-5));
            Assert.That(moved!.eq(masks).all().item<bool>());
        });
    }

    [Test]
    public void A_certain_flip_turns_image_and_masks_about_both_axes()
    {
        using var generator = new Generator(1);
        var images = rand(2, 1, 8, 11);
        var masks = rand(2, 3, 8, 11).round();

        var (weak, moved) = new Augmentation(Still with { FlipProbability = 1 }).Weak(images, masks, generator);

        Assert.Multiple(() =>
        {
            Assert.That((weak - images.flip(2, 3)).abs().max().item<float>(), Is.LessThan(1e-5));
            Assert.That(moved!.eq(masks.flip(2, 3)).all().item<bool>());
        });
    }

    [Test]
    public void Masks_stay_on_what_they_outline()
    {
        using var generator = new Generator(2);
        var masks = zeros(8, 1, 40, 60);
        masks.narrow(2, 10, 15).narrow(3, 20, 25).fill_(1);

        var (weak, moved) = new Augmentation(new AugmentationOptions { RotationProbability = 1 }).Weak(masks, masks, generator);

        Assert.That((weak.gt(0.5).to(ScalarType.Float32) - moved!).abs().mean().item<float>(), Is.LessThan(0.01));
    }

    [Test]
    public void A_rotation_keeps_distances_on_images_that_are_not_square()
    {
        using var generator = new Generator(3);
        var disc = Disc(64, 96, radius: 20);

        var (rotated, _) = new Augmentation(Still with { RotationProbability = 1 }).Weak(disc, null, generator);

        Assert.That((rotated - disc).abs().mean().item<float>(), Is.LessThan(0.01), "a centered disc stays the disc");
    }

    [Test]
    public void Masks_stay_zero_or_one()
    {
        using var generator = new Generator(4);
        var (_, moved) = new Augmentation(new AugmentationOptions()).Weak(rand(4, 1, 16, 16), rand(4, 2, 16, 16).round(), generator);

        Assert.That(moved!.data<float>().ToArray(), Has.All.EqualTo(0f).Or.EqualTo(1f));
    }

    [Test]
    public void The_strong_view_keeps_the_geometry_of_the_weak_one()
    {
        using var generator = new Generator(5);
        var disc = Disc(32, 32, radius: 8);

        var strong = new Augmentation(new AugmentationOptions { Brightness = 0, Contrast = 0, Noise = 0 }).Strong(disc, generator);

        Assert.That((strong.gt(0.5).to(ScalarType.Float32) - disc).abs().mean().item<float>(), Is.LessThan(0.01));
    }

    [Test]
    public void The_strong_view_changes_each_image_in_its_own_way()
    {
        using var generator = new Generator(6);
        var images = rand(1, 1, 16, 16).expand(4, 1, 16, 16);

        var means = new Augmentation(new AugmentationOptions()).Strong(images, generator).mean([1, 2, 3]).data<float>().ToArray();

        Assert.That(means, Is.Unique);
    }

    [Test]
    public void A_rectangle_covers_a_tenth_to_a_half_of_its_image_with_sides_up_to_twice_each_other()
    {
        using var generator = new Generator(7);
        var inside = new Augmentation(Still with { CutMixProbability = 1 }).Rectangles(zeros(500, 2, 80, 120), generator)!;

        var (rows, columns) = (inside.any(3, keepdim: true), inside.any(2, keepdim: true));
        var (height, width) = (Share(rows), Share(columns));
        Assert.Multiple(() =>
        {
            Assert.That(inside.shape, Is.EqualTo(new long[] { 500, 1, 80, 120 }));
            Assert.That(inside.eq(rows.logical_and(columns)).all().item<bool>(), "full rectangles");
            Assert.That(Gaps(rows.squeeze(3)) + Gaps(columns.squeeze(2)), Is.Zero, "in one piece");
            Assert.That(height.Zip(width, (h, w) => h * w), Has.All.InRange(0.09f, 0.52f).And.Some.LessThan(0.15f).And.Some.GreaterThan(0.45f));
            Assert.That(height.Zip(width, (h, w) => h / w), Has.All.InRange(0.45f, 2.2f).And.Some.LessThan(0.6f).And.Some.GreaterThan(1.7f));
            Assert.That(
                inside.narrow(2, 8, 64).narrow(3, 12, 96).to(ScalarType.Float32).mean([0, 1]).min().item<float>(),
                Is.GreaterThan(0),
                "anywhere but in the corners");
        });

        static float[] Share(Tensor along) => along.to(ScalarType.Float32).mean([1, 2, 3]).data<float>().ToArray();
        static long Gaps(Tensor along) => along.to(ScalarType.Float32).diff(dim: 2).gt(0).sum(2).gt(1).sum().item<long>();
    }

    [Test]
    public void So_many_images_have_a_rectangle_as_the_probability_says()
    {
        using var generator = new Generator(8);
        double Share(double probability) =>
            new Augmentation(Still with { CutMixProbability = probability }).Rectangles(zeros(2000, 1, 8, 8), generator)!
                .flatten(1).any(1).to(ScalarType.Float32).mean().item<float>();

        Assert.That(new Augmentation(Still with { CutMixProbability = 0 }).Rectangles(zeros(2, 1, 8, 8), generator), Is.Null);
        Assert.That(Share(1), Is.EqualTo(1));
        Assert.That(Share(0.3), Is.EqualTo(0.3).Within(4 * Math.Sqrt(0.3 * 0.7 / 2000)));
    }

    private static Tensor Disc(int height, int width, double radius)
    {
        var rows = arange(height).to(ScalarType.Float32).unsqueeze(1) - ((height - 1) / 2.0);
        var columns = arange(width).to(ScalarType.Float32).unsqueeze(0) - ((width - 1) / 2.0);
        return (rows.square() + columns.square()).lt(radius * radius).to(ScalarType.Float32).view(1, 1, height, width);
    }
}
