using System.IO.Compression;
using NUnit.Framework;
using PureHDF;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class HdfImagesTests : FolderFixture
{
    // Files by h5py 3.7 (gzip, base64): images k * 1000 for k = 0 to 59 as [3, 4, 5] uint16, chunked and compressed; masks k % 3 == 0 as
    // [3, 2, 4, 5] booleans; subjects P1, P22, P1 of fixed length.
    private const string Compressed =
        "H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwoUtFD5MPkEKM0IpTug9AommDgjWE4CKi4INR9dXUiQqytI9X80ALPHgAVCSzCMgpEIPFwdA0B0BJSv"
        + "AaVPMKGqy8xNTE8tZmDITSzOBlIMxaVJWanJJcUMaOnUgEh7GRnYIHoYYXwLCM0MEWCGqoMmTwZWKI1bXABsFCgXQJwuAJXnAIszMUNs4mZQADMY4fZygHNS"
        + "SmpaTmJJKtxcDqA6sLlMLBWsCKtZoFYihY4DVeIh2M/fhRFoBQeUr8CMXz2sNNkhiV8dLF8LaI6M9Awq7xixlHfNROrfIYjKx5XemEaLjlEwCkbBKBgFo2AU"
        + "jIJRMAqGPKiIY6xgaP/PwPCC+QL7Du4F/B3CBeIR0g7yGsoC6j+0HuidMNpgNsOqwS7DKcDNwkvBjyPoQ+iNyAOxKxInpFZkJuR6FBqUSlQy1L5ouNCyo2NB"
        + "T8eEgikRMxzmaCwQWPJj+YPVJ9Zv2Dxje8PujP0Bhy2OK5zmOP/h0o1rB26tuDfhUcUzX0+LrxVxySkJCTIcLAxcIgyaAYYMAUZGQHIUjIJRMApGwSgYBbQC"
        + "mOPSHhCaBXVcGjb+h2t8Gre8BmTehglihQAHzCoOBjdHn2BXBtAYZqgr1HIqjF+znpBCOI2JATGGDTUB/8wPrvFUPhLD1VoIlU8onBhHk+IoGAWjYBSMglEw"
        + "CkbBKBgFo2AUDNF+NStavxrS72RkRO1XI2hIv1eYESIG7wczMTFC+rcQ/cyMntCeJSeajTMGdXgAAJ2AJd4gKgAA";

    // The same as bytes, images k, masks of bytes, subjects P1, P2, P1 of variable length.
    private const string Bytes =
        "H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwqeSKDyYfIJUJoRSndA6RVMMHFGsBxUO4Mg1Hx0dSFBrq4g1f/RAMweAxYILcEwCkYi8HB1DADREVC+"
        + "BpQ+wYSqLjM3MT21mIEhN7E4G0gxFJcmZaUmlxQzoKVTAyLtZWRghehhhPEtIDQzRIAZqg6aPIGqGQiIC4CNEoAbyQGV5wDzmZiYGCGikJQOtAaigMEGzWUF"
        + "AxIPwX7+LoxAX0AdxaDAjF89rDSpYMWvDpavO9hGRnrGTFceEJoFNV0xEUhfTFRLZzbQKK1Ac2nCAIUHxF2MjKjhgaAlwEolgfICeP3JgObPLRzYS4COkVmw"
        + "MjIxs7CysXNwcnHz8PLxCwgKCYuIiolLSEpJy8jKySsoKimrqKqpa2hqaevo6ukbGBoZm5iamVtYWlkzgoOc/giU5p9wINIDMp8JjQ+KfHdnfx9GpMKIES3v"
        + "BBii8uHiRtjzGkw9DKzgH62fR8EoGAWjYBSMglEwCkbBKBgFo2AUjIKBBgB7hK6G5BgAAA==";

    // Big-endian floats.
    private const string BigEndian =
        "H4sIAAAAAAACA+1TPUjDUBB+SSsEUWgG8QfEmsHBQYQMCtq7Cql0EP8DOghWMP6hS4cKDjrW0VFHJ6mL4FgHBweHdnSso2N1c9QvyYvYgi04iGgOwr139313"
        + "F+57x2lrsr21p1W4pmkiKmLis71Ju2qrvQf5VekV6fPSX6hBXPFyXTKuy/r1uMX5VMpFv9VZ0Gc46vva6UL7L5ZOTcy6fkneAz3dq7W4rd3MxnpWiN1Mdif7"
        + "SZfJb/ZVRItfQwnuo76P+IGIxEl5Ai2axLu8Unp/n8zFRacmOg8/cJqXV1XVa6DJP0U7zUe81E24+aN7WJiesRShBsOIeKQxPniv+y2hhhvrKu37aK2u1Cb6"
        + "+jof80rHNCF3lWyirxe50tu6ja6Gy/rjNp7PHyc0fFOlcsI9FwqXiRLO1eozIU7dp2c0WLikseINAUMrlUfaQ+5ICAKeTnSdToE5NwwCl65Nk4rA3lkWoQ49"
        + "2DZVwHlyHHJrvuZyjL4ctSxGfW4rlVnXde6wbUYv7q08smEYPOA4jL48VH1m0zR5BDzMwJAyW+CmwcU8PAeuDe4yuJiN18B1wN0GF3NyFtwcuAfFG+XL9xjG"
        + "w3gY/+3xd5jf21SwDAAA";

    [Test]
    public void Compressed_16_bit_images_and_boolean_masks_of_h5py_are_read()
    {
        var images = HdfImages.Open(Unpack(Compressed));
        var image = images.Read(2);

        Assert.Multiple(() =>
        {
            Assert.That(images.Shape, Is.EqualTo(new ImageShape(1, 4, 5)));
            Assert.That(images.Records.Select(record => record.Subject), Is.EqualTo(new[] { "P1", "P22", "P1" }));
            Assert.That(images.Records.Select(record => record.Id), Is.EqualTo(new[] { "image_00000", "image_00001", "image_00002" }));
            Assert.That(images.Records[0].Annotators, Is.EqualTo(new[] { 1, 2 }));
            Assert.That(images.Format.Source, Is.EqualTo(PixelType.UInt16));
            Assert.That(image.Pixels.ToFloats(), Is.EqualTo(Enumerable.Range(40, 20).Select(value => value * 1000 / 65535f)));
            Assert.That(image.Annotations.Values, Is.EqualTo(Enumerable.Range(80, 40).Select(value => value % 3 == 0 ? 1 : 0)));
        });
    }

    [Test]
    public void Bytes_and_strings_of_variable_length_of_h5py_are_read()
    {
        var images = HdfImages.Open(Unpack(Bytes));
        var image = images.Read(1);

        Assert.Multiple(() =>
        {
            Assert.That(images.Records.Select(record => record.Subject), Is.EqualTo(new[] { "P1", "P2", "P1" }));
            Assert.That(image.Pixels.Values<byte>().ToArray(), Is.EqualTo(Enumerable.Range(20, 20)));
            Assert.That(image.Annotations.Values, Is.EqualTo(Enumerable.Range(40, 40).Select(value => value % 3 == 0 ? 1 : 0)));
        });
    }

    [Test]
    public void Big_endian_arrays_are_refused_with_a_remedy()
    {
        var path = Unpack(BigEndian);

        Assert.That(
            () => HdfImages.Open(path),
            Throws.TypeOf<InvalidDataException>()
                .With.Message.StartsWith($"'{path}' cannot be read as HDF5")
                .And.Message.Contains("plain little-endian arrays"));
    }

    [Test]
    public void Color_images_of_floating_point_without_masks_are_unlabeled_and_their_own_subjects()
    {
        var path = Write(new float[2, 3, 4, 5], masks: null, subjects: null);
        var images = HdfImages.Open(path);

        Assert.Multiple(() =>
        {
            Assert.That(images.Shape, Is.EqualTo(new ImageShape(3, 4, 5)));
            Assert.That(images.Records.Select(record => record.Subject), Is.EqualTo(new[] { "image_00000", "image_00001" }));
            Assert.That(images.Records[0].IsLabeled, Is.False);
            Assert.That(images.Read(1).Annotations.Count, Is.Zero);
        });
    }

    [Test]
    public void Crop_and_resize_apply()
    {
        var path = Write(new double[2, 8, 6], new byte[2, 3, 8, 6], subjects: null);

        Assert.Multiple(() =>
        {
            Assert.That(
                HdfImages.Open(path, new Preprocessing { Crop = new ImageSize(4, 4) }).Read(0).Annotations.Values,
                Has.Length.EqualTo(48));
            Assert.That(
                HdfImages.Open(path, new Preprocessing { Resize = new ImageSize(9, 9) }).Read(0).Shape,
                Is.EqualTo(new ImageShape(1, 9, 9)));
            Assert.That(
                () => HdfImages.Open(path, new Preprocessing { Crop = new ImageSize(4, 7) }),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("smaller than the crop 4x7"));
        });
    }

    [Test]
    public void Faulty_datasets_are_named()
    {
        Assert.Multiple(() =>
        {
            RequireMessage(Write(null, new byte[1, 1, 2, 2], null), "has no dataset 'images'");
            RequireMessage(Write(new byte[4, 4], null, null), "'images' of '*' has the shape [4, 4]; it must be [N, C, H, W] or [N, H, W]");
            RequireMessage(Write(new byte[1_000_001, 1, 1], null, null), "'images' of '*' has 1000001 images; at most 1000000 are read, so divide the file.");
            RequireMessage(Write(new int[1, 2, 2], null, null), "'images' of '*' holds values of the type int32");
            RequireMessage(Write(new sbyte[1, 2, 2], null, null), "'images' of '*' holds values of the type int8");
            RequireMessage(
                Write(new byte[1, 2, 3], new byte[1, 4, 3, 2], null),
                "'masks' of '*' has the shape [1, 4, 3, 2]; with its images 'images' it must be [1, A, 2, 3] or [1, 2, 3, A]");
            RequireMessage(
                Write(new byte[1, 2, 2], new byte[1, 4, 3, 2, 2], null),
                "or [1, 2, 2, A]. Where it has an axis of classes, name them, such as core,rim, with Classes (--classes)");
            RequireMessage(
                Write(new byte[1, 2, 2], new float[1, 4, 2, 2], null),
                "'masks' of '*' holds values of the type float32");
            RequireMessage(
                Write(new byte[2, 2, 2], null, new[] { "a" }),
                "'subjects' of '*' has the shape [1]; with its images it must be [2]");
            RequireMessage(Write(new byte[2, 2, 2], null, new[] { 1f, 2 }), "'subjects' of '*' holds values of the type float32; give strings or integers");
            RequireMessage(Write(new byte[2, 2, 2], null, new[] { "a", "" }), "Subject 1 in dataset 'subjects' of '*' is empty");
        });

        static void RequireMessage(string path, string message) => Assert.That(
            () => HdfImages.Open(path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(message.Replace("*", path, StringComparison.Ordinal)));
    }

    [Test]
    public void Readers_of_all_images_are_named_once()
    {
        var images = HdfImages.Open(Write(new byte[2, 2, 2], new byte[2, 3, 2, 2], null, new[] { "anna", "ben", "carl" }));

        Assert.That(images.Records.Select(record => record.Readers), Is.All.EqualTo((string[])["anna", "ben", "carl"]));
        Assert.That(images.Read(1).Annotations.Readers, Is.EqualTo((string[])["anna", "ben", "carl"]));
    }

    [Test]
    public void An_empty_name_says_that_there_is_no_mask_at_its_place()
    {
        var masks = new byte[3, 2, 1, 2];
        (masks[0, 0, 0, 0], masks[0, 1, 0, 1], masks[1, 1, 0, 0]) = (1, 1, 1);
        var images = HdfImages.Open(Write(new byte[3, 1, 2], masks, null, new[,] { { "anna", "ben" }, { "", "anna" }, { "", "" } }));
        var second = images.Read(1);

        Assert.Multiple(() =>
        {
            Assert.That(images.Read(0).Annotations.Readers, Is.EqualTo((string[])["anna", "ben"]));
            Assert.That((second.Annotations.Values, second.Annotations.Readers), Is.EqualTo(((byte[])[1, 0], (string[])["anna"])));
            Assert.That(images.Records[1].Annotators, Is.EqualTo((int[])[2]));
            Assert.That(images.Records[2].IsLabeled, Is.False);
        });
    }

    [Test]
    public void Masks_of_signed_bytes_are_read_and_a_value_below_0_is_not_taken_for_255()
    {
        var masks = new sbyte[2, 1, 1, 2];
        (masks[0, 0, 0, 1], masks[1, 0, 0, 0]) = (1, -1);
        var images = HdfImages.Open(Write(new byte[2, 1, 2], masks, null));

        Assert.That(images.Read(0).Annotations.Values, Is.EqualTo((byte[])[0, 1]));
        Assert.That(
            () => images.Read(1),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("Image 1 in dataset 'masks' of").And.Message.Contains("the value -1;"));
    }

    [Test]
    public void Spaces_around_names_do_not_count()
    {
        var record = HdfImages.Open(Write(new byte[1, 1, 2], new byte[1, 2, 1, 2], new[] { " p1 " }, new[] { "anna ", "ben" })).Records[0];

        Assert.That((record.Subject, record.Readers), Is.EqualTo(("p1", (string[])["anna", "ben"])));
    }

    [Test]
    public void Readers_that_do_not_fit_the_masks_are_named()
    {
        var masks = new byte[1, 2, 1, 2];
        masks[0, 0, 0, 1] = 1;

        string Readers(object readers) => Write(new byte[1, 1, 2], masks, null, readers);
        Assert.Multiple(() =>
        {
            Assert.That(() => HdfImages.Open(Readers(new[] { "a", "b", "c" })), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(
                "has the shape [3]; with its images it must be [2] or [1, 2]."));
            Assert.That(() => HdfImages.Open(Readers(new[] { "a", "a" })), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(
                "image 0, reader 'a' is named twice; name nobody twice."));
            Assert.That(() => HdfImages.Open(Readers(new[] { "a", "" })), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                "Reader 1 in dataset 'readers' of"));
            Assert.That(() => HdfImages.Open(Readers(new[,] { { "", "a" } })).Read(0), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(
                "mask 0 of image 0 has foreground, but 'readers' names nobody at its place; name its reader, or clear the mask."));
        });
    }

    [Test]
    public void Value_that_is_not_finite_is_refused()
    {
        var values = new float[2, 2, 2];
        values[1, 0, 1] = float.NaN;
        var path = Write(values, null, null);

        Assert.That(
            () => HdfImages.Open(path).Read(1),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"Image 1 of '{path}' holds the value NaN; values must be finite."));
    }

    [Test]
    public void Foreign_truncated_and_missing_files_are_named()
    {
        var foreign = Folder.Combine("foreign.h5");
        File.WriteAllText(foreign, "no HDF5");
        var truncated = Unpack(Bytes);
        File.WriteAllBytes(truncated, File.ReadAllBytes(truncated)[..1500]);

        Assert.Multiple(() =>
        {
            Assert.That(
                () => HdfImages.Open(foreign),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"'{foreign}' cannot be read as HDF5"));
            Assert.That(
                () => HdfImages.Open(truncated),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"'{truncated}' cannot be read as HDF5"));
            Assert.That(
                () => HdfImages.Open("none.h5"),
                Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo("HDF5 file 'none.h5' does not exist."));
        });
    }

    [Test]
    public void Reading_from_several_threads_is_safe()
    {
        var images = HdfImages.Open(Unpack(Bytes));

        Assert.That(
            Enumerable.Range(0, 60)
                .AsParallel()
                .WithDegreeOfParallelism(4)
                .All(index => images.Read(index % 3).Pixels.Values<byte>()[0] == index % 3 * 20),
            Is.True);
    }

    [TestCase("link.h5", "A link in it leads to another file")]
    [TestCase("values.h5", "Dataset 'images' of '{0}' has its values in other files; copy them into this one.")]
    [TestCase("virtual.h5", "Dataset 'images' of '{0}' has its values in other files; copy them into this one.")]
    public void What_leads_to_a_device_is_not_followed(string name, string sentence)
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "hdf5_elsewhere", name);

        Assert.That(() => HdfImages.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(string.Format(sentence, path)));
    }

    private string Unpack(string packed)
    {
        var path = Folder.Combine("data.h5");
        using var stream = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var file = File.Create(path);
        stream.CopyTo(file);
        return path;
    }

    private string Write(object? images, object? masks, object? subjects, object? readers = null)
    {
        var file = new H5File();
        foreach (var (name, data) in new[] { ("images", images), ("masks", masks), ("subjects", subjects), ("readers", readers) })
        {
            if (data is not null)
            {
                file[name] = data;
            }
        }

        var path = Folder.Combine(Guid.NewGuid().ToString("N") + ".h5");
        file.Write(path);
        return path;
    }
}
