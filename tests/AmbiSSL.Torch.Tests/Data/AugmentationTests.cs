using AmbiSSL.Torch.Data;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Data;

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

        Assert.That((rotated - disc).abs().mean().item<float>(), Is.LessThan(0.01), "a centred disc stays the disc");
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

    private static Tensor Disc(int height, int width, double radius)
    {
        var rows = arange(height).to(ScalarType.Float32).unsqueeze(1) - ((height - 1) / 2.0);
        var columns = arange(width).to(ScalarType.Float32).unsqueeze(0) - ((width - 1) / 2.0);
        return (rows.square() + columns.square()).lt(radius * radius).to(ScalarType.Float32).view(1, 1, height, width);
    }
}
