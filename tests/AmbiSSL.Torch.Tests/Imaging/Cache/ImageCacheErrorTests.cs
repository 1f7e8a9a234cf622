using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

internal sealed class ImageCacheErrorTests : FolderFixture
{
    private static readonly ImageFormat Format = new(new ImageShape(1, 2, 3), PixelType.Float32, Preprocessing.None);

    [Test]
    public void A_limit_below_zero_is_refused() =>
        Assert.That(() => new ImageCache(Format, limitBytes: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_folder_that_takes_no_file_is_named_with_what_to_do()
    {
        var missing = Path.Combine(Folder.Path, "missing");
        using var cache = new ImageCache(Format, limitBytes: 30, missing);
        cache.Add(new float[6], []);

        Assert.That(
            () => cache.Add(new float[6], []),
            Throws.InstanceOf<IOException>()
                .With.Message.StartsWith($"The temporary file for decoded images in '{missing}' cannot be made: ")
                .And.Message.EndsWith("It is used where the images take more than CacheLimitBytes, now 30: raise that to keep them in memory, make "
                    + "room there, or choose another folder for temporary files (MLContext.TempFilePath, or the environment variable TMPDIR, on "
                    + "Windows TMP)."));
        Assert.That(cache.Count, Is.EqualTo(1), "the image that found no room");
    }
}
