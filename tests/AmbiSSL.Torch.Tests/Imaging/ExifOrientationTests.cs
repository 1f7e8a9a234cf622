using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ExifOrientationTests : FolderFixture
{
    [Test]
    public void Orientation_is_found_in_both_byte_orders([Range(1, 8)] int orientation) => Assert.Multiple(() =>
    {
        Assert.That(ExifOrientation.Read(BigEndian((byte)orientation)), Is.EqualTo(orientation));
        Assert.That(ExifOrientation.Read(LittleEndian((byte)orientation)), Is.EqualTo(orientation));
    });

    [Test]
    public void Other_entries_are_passed_over()
    {
        byte[] exif = [.. "MM\0*\0\0\0\b\0\u0002"u8, 1, 16, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, .. Entry(6), 0, 0, 0, 0];

        Assert.That(ExifOrientation.Read(exif), Is.EqualTo(6));
    }

    [TestCase(0)]
    [TestCase(9)]
    [TestCase(255)]
    public void Numbers_that_mean_nothing_are_upright(byte orientation) =>
        Assert.That(ExifOrientation.Read(BigEndian(orientation)), Is.EqualTo(1));

    [Test]
    public void Damaged_block_is_upright([Range(0, 25)] int length) =>
        Assert.That(ExifOrientation.Read(BigEndian(6)[..Math.Min(length, 21)]), Is.EqualTo(1));

    [Test]
    public void Directory_far_outside_is_upright() =>
        Assert.That(ExifOrientation.Read([.. "II*\0"u8, 255, 255, 255, 255, 1, 0]), Is.EqualTo(1));

    // What is stored, [[1, 2, 3], [4, 5, 6]], turned as EXIF 2.3, tag 274, says where its first row and column belong.
    [TestCase(1, 2, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [TestCase(2, 2, new byte[] { 3, 2, 1, 6, 5, 4 })]
    [TestCase(3, 2, new byte[] { 6, 5, 4, 3, 2, 1 })]
    [TestCase(4, 2, new byte[] { 4, 5, 6, 1, 2, 3 })]
    [TestCase(5, 3, new byte[] { 1, 4, 2, 5, 3, 6 })]
    [TestCase(6, 3, new byte[] { 4, 1, 5, 2, 6, 3 })]
    [TestCase(7, 3, new byte[] { 6, 3, 5, 2, 4, 1 })]
    [TestCase(8, 3, new byte[] { 3, 6, 2, 5, 1, 4 })]
    public void Picture_is_turned_upright(int orientation, int height, byte[] upright)
    {
        var turned = new ImagePixels(new ImageShape(2, 2, 3), (Array)new byte[] { 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16 }).Turn(orientation);

        Assert.Multiple(() =>
        {
            Assert.That(turned.Shape, Is.EqualTo(new ImageShape(2, height, 6 / height)));
            Assert.That(turned.Values<byte>()[..6].ToArray(), Is.EqualTo(upright));
            Assert.That(turned.Values<byte>()[6..].ToArray(), Is.EqualTo(Array.ConvertAll(upright, value => (byte)(value + 10))));
        });
    }

    [Test]
    public void Orientation_of_a_png_is_read_before_and_behind_its_pixels([Values] bool isLast)
    {
        var path = Folder.Combine("turned.png");
        RawPng.Write(path, width: 2, bitDepth: 8, colorType: 0, [[1, 2]], exif: LittleEndian(8), isExifLast: isLast);

        Assert.That(ImageFile.ReadHeader(path).Orientation, Is.EqualTo(8));
    }

    internal static byte[] BigEndian(byte orientation) => [.. "MM\0*\0\0\0\b\0\u0001"u8, .. Entry(orientation), 0, 0, 0, 0];

    private static byte[] LittleEndian(byte orientation) => [.. "II*\0\b\0\0\0\u0001\0"u8, 18, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Entry(byte orientation) => [1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
}
