using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

internal sealed class ImageCacheErrorTests : FolderFixture
{
    private static readonly ImageShape Shape = new(1, 2, 3);

    [Test]
    public void A_limit_below_zero_is_refused() =>
        Assert.That(() => new ImageCache(Shape, limitBytes: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_folder_that_takes_no_file_is_named_with_what_to_do()
    {
        var missing = Path.Combine(Folder.Path, "missing");
        using var cache = new ImageCache(Shape, limitBytes: 10, missing);
        cache.Add(new float[6], []);

        Assert.That(
            () => cache.Add(new float[6], []),
            Throws.InstanceOf<IOException>()
                .With.Message.StartsWith($"The temporary file for decoded images in '{missing}' cannot be made: ")
                .And.Message.EndsWith("It is used where the images take more than CacheLimitBytes, now 10: raise that to keep them in memory, make "
                    + "room there, or choose another folder for temporary files (MLContext.TempFilePath, or the environment variable TMPDIR, on "
                    + "Windows TMP)."));
        Assert.That(cache.Count, Is.EqualTo(1), "the image that found no room");
    }
}
