using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ImageGeometryTests
{
    [Test]
    public void Crop_takes_the_middle_of_each_plane()
    {
        var values = Enumerable.Range(0, 2 * 4 * 5).ToArray();

        var cropped = ImageGeometry.CropCenter(values, new ImageSize(4, 5), new ImageSize(2, 2));

        Assert.That(cropped, Is.EqualTo(new[] { 6, 7, 11, 12, 26, 27, 31, 32 }));
    }

    // torch.nn.functional.interpolate(tensor([[[1, 2, 4, 8.]]]), size=8, mode='linear', align_corners=False)
    [Test]
    public void Enlarging_interpolates_between_pixel_centers()
    {
        var resized = ImageGeometry.ResizeBilinear([1, 2, 4, 8], new ImageSize(1, 4), new ImageSize(1, 8));

        Assert.That(resized, Is.EqualTo(new[] { 1f, 1.25f, 1.75f, 2.5f, 3.5f, 5f, 7f, 8f }));
    }

    // A triangle of radius 2 about 0.5 and 2.5: weights 3, 3, 1 of 7 at the border.
    [Test]
    public void Shrinking_skips_no_pixel()
    {
        var resized = ImageGeometry.ResizeBilinear([0, 0, 7, 0, 0, 0, 0, 0], new ImageSize(1, 8), new ImageSize(1, 4));

        Assert.That(resized, Is.EqualTo(new[] { 1f, 7 * 3 / 8f, 0, 0 }).Within(1e-6f));
    }

    [Test]
    public void Both_axes_and_all_planes_are_scaled()
    {
        var resized = ImageGeometry.ResizeBilinear([0, 0, 4, 4, 8, 0, 8, 0], new ImageSize(2, 2), new ImageSize(4, 1));

        Assert.That(resized, Is.EqualTo(new[] { 0f, 1, 3, 4, 4, 4, 4, 4 }).Within(1e-6f));
    }

    [Test]
    public void Constant_stays_constant([Values(1, 3, 7, 16, 50)] int size)
    {
        var resized = ImageGeometry.ResizeBilinear([.. Enumerable.Repeat(0.3f, 110)], new ImageSize(10, 11), new ImageSize(size, size));

        Assert.That(resized, Is.All.EqualTo(0.3f).Within(1e-6f));
    }

    [Test]
    public void Nearest_takes_the_pixel_under_the_center()
    {
        var resized = ImageGeometry.ResizeNearest([1, 2, 3, 4, 5, 6], new ImageSize(2, 3), new ImageSize(4, 2));

        Assert.That(resized, Is.EqualTo(new byte[] { 1, 3, 1, 3, 4, 6, 4, 6 }));
    }
}
