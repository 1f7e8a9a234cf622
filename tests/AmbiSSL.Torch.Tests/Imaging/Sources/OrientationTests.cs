using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging.Sources;

[TestFixture]
internal sealed class OrientationTests : FolderFixture
{
    private static string Case(string folder) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "exif_rotated", folder);

    [Test]
    public void Photograph_is_turned_where_that_is_the_size_of_its_masks()
    {
        var source = IsicFolder.Open(Case("i_exif6"));

        Assert.That(source.Shape, Is.EqualTo(new ImageShape(3, 56, 40)));
        Assert.That(Contrast(source.Read(0)), Is.GreaterThan(50), "the mask lies on the lesion");
    }

    [TestCase("i_exif6_sq", 6, "40x40")]
    [TestCase("i_exif3_sq", 3, "40x56")]
    public void Photograph_of_the_masks_size_either_way_is_refused_with_its_orientation(string folder, int orientation, string size) => Assert.That(
        () => IsicFolder.Open(Case(folder)),
        Throws.TypeOf<InvalidDataException>()
            .With.Message.StartsWith(
                $"Image '{Path.Combine(Case(folder), "ISIC_0000000.jpg")}' has the EXIF orientation {orientation}: as a viewer shows it, it is {size} pixels")
            .And.Message.Contains("say with Orientation (--orientation) whether images are meant upright or as they are stored"));

    [TestCase("i_exif6_sq")]
    [TestCase("i_exif3_sq")]
    public void Option_says_that_photographs_are_upright(string folder)
    {
        var upright = IsicFolder.Open(Case(folder), reading: new ReadingOptions { Orientation = ImageOrientation.Upright }).Read(0);
        var stored = IsicFolder.Open(Case(folder), reading: new ReadingOptions { Orientation = ImageOrientation.Stored }).Read(0);

        Assert.That(Contrast(upright), Is.GreaterThan(50).And.GreaterThan(Contrast(stored) + 20));
    }

    [Test]
    public void Masks_of_the_stored_size_keep_the_picture_as_it_is_stored()
    {
        Write("images/a.png", 6, orientation: 6);
        Write("masks/a_r1.png", 6);

        Assert.That(ImageFolder.Open(Folder.Path).Shape.Size, Is.EqualTo(new ImageSize(1, 6)));
    }

    [Test]
    public void Picture_without_masks_is_turned_upright()
    {
        Write("images/a.png", 6, orientation: 6);

        var source = ImageFolder.Open(Folder.Path);

        Assert.That(source.Shape.Size, Is.EqualTo(new ImageSize(6, 1)));
        Assert.That(source.Read(0).Shape.Size, Is.EqualTo(new ImageSize(6, 1)));
    }

    [Test]
    public void Masks_of_neither_size_are_refused_with_all_three()
    {
        Write("images/a.png", 6, orientation: 6);
        Write("masks/a_r1.png", 5);

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>()
                .With.Message.Contains("it is 6x1 pixels (height x width), and as it is stored 1x6").And.Message.Contains("of 1x5"));
    }

    [Test]
    public void Picture_that_differs_from_the_first_names_its_orientation()
    {
        Write("images/a.png", 6);
        Write("images/b.png", 6, orientation: 8);

        Assert.That(
            () => ImageFolder.Open(Folder.Path).Read(1),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("It has the EXIF orientation 8, and is 1x6 as it is stored."));
    }

    [Test]
    public void Mask_with_an_orientation_of_its_own_is_refused_until_it_is_said_what_is_meant()
    {
        Write("images/a.png", 6, orientation: 6);
        Write("masks/a_r1.png", 6, orientation: 6);

        Assert.That(
            () => ImageFolder.Open(Folder.Path, reading: new ReadingOptions()).Read(0),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("a_r1.png' ").And.Message.Contains("6x1"));
        var upright = ImageFolder.Open(Folder.Path, reading: new ReadingOptions { Orientation = ImageOrientation.Upright }).Read(0);
        var stored = ImageFolder.Open(Folder.Path, reading: new ReadingOptions { Orientation = ImageOrientation.Stored }).Read(0);
        Assert.That((upright.Annotations.Size, stored.Annotations.Size), Is.EqualTo((new ImageSize(6, 1), new ImageSize(1, 6))));
    }

    /// <summary>Difference of the means inside and outside the first mask, in 255ths.</summary>
    private static float Contrast(AnnotatedImage image)
    {
        var pixels = image.Pixels.ToFloats();
        var mask = image.Annotations[0].ToArray();
        return 255 * MathF.Abs(
            mask.Select((value, position) => (value, position)).Where(pixel => pixel.value != 0).Average(pixel => pixels[pixel.position])
            - mask.Select((value, position) => (value, position)).Where(pixel => pixel.value == 0).Average(pixel => pixels[pixel.position]));
    }

    private void Write(string name, int width, byte? orientation = null)
    {
        var path = Folder.Combine(name.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] row = [.. Enumerable.Range(0, width).Select(x => x % 2 == 0 ? (byte)0 : (byte)255)];
        RawPng.Write(path, width, bitDepth: 8, colorType: 0, [row], exif: orientation is { } number ? ExifOrientationTests.BigEndian(number) : null);
    }
}
