using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ImageFolderTests : FolderFixture
{
    [Test]
    public void Records_come_in_index_order_with_all_columns()
    {
        WriteImage("b", 4, 4, slots: [1, 3]);
        WriteImage("a", 4, 4);
        WriteIndex("annotators,id,site,subject,fold", "2,b,\"Rome, west\",P2,3", "0,a,,P1,");

        var folder = ImageFolder.Open(Folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(folder.Records.Select(record => record.Id), Is.EqualTo(new[] { "b", "a" }));
            Assert.That(folder.Records.Select(record => record.Subject), Is.EqualTo(new[] { "P2", "P1" }));
            Assert.That(folder.Records.Select(record => record.Fold), Is.EqualTo(new int?[] { 3, null }));
            Assert.That(folder.Records[0].Columns, Is.EqualTo(new Dictionary<string, string> { ["site"] = "Rome, west" }));
            Assert.That(folder.Records[0].Annotators, Is.EqualTo(new[] { 1, 3 }));
            Assert.That(folder.Records[0].MaskPaths.Select(Path.GetFileName), Is.EqualTo(new[] { "b_r1.png", "b_r3.png" }));
            Assert.That(folder.Records[1].IsLabeled, Is.False);
            Assert.That(folder.Shape, Is.EqualTo(new ImageShape(1, 4, 4)));
        });
    }

    [Test]
    public void Image_and_masks_are_read()
    {
        WriteImage("a", 2, 3, slots: [2, 10]);
        ImageFile.WriteMask(Folder.Combine("masks", "a_r10.png"), new ImageSize(2, 3), [0, 0, 0, 0, 0, 1]);
        WriteIndex("id,subject,annotators", "a,P1,2");

        var image = ImageFolder.Open(Folder.Path).Read(0);

        Assert.Multiple(() =>
        {
            Assert.That(image.Subject, Is.EqualTo("P1"));
            Assert.That(image.Pixels.ToFloats(), Is.EqualTo(Enumerable.Range(0, 6).Select(value => value / 255f)));
            Assert.That(image.Annotations.Count, Is.EqualTo(2));
            Assert.That(image.Annotations.Values, Is.EqualTo(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }));
        });
    }

    [Test]
    public void Image_without_masks_has_no_annotations()
    {
        WriteImage("a", 2, 3);
        WriteIndex("id,subject,annotators", "a,P1,0");

        Assert.That(ImageFolder.Open(Folder.Path).Read(0).Annotations.Count, Is.Zero);
    }

    [Test]
    public void Empty_annotators_cell_takes_the_masks_that_are_there()
    {
        WriteImage("a", 2, 3, slots: [1, 2]);
        WriteIndex("id,subject,annotators", "a,P1,");

        Assert.That(ImageFolder.Open(Folder.Path).Records[0].Annotators, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Without_index_images_come_in_ordinal_order_each_its_own_subject()
    {
        WriteImage("b", 4, 4);
        WriteImage("B", 4, 4, slots: [1]);
        WriteImage("a_r1", 4, 4, slots: [2]);

        var folder = ImageFolder.Open(Folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(folder.Records.Select(record => record.Id), Is.EqualTo(new[] { "B", "a_r1", "b" }));
            Assert.That(folder.Records.Select(record => record.Subject), Is.EqualTo(new[] { "B", "a_r1", "b" }));
            Assert.That(folder.Records.Select(record => record.Annotators.Count), Is.EqualTo(new[] { 1, 1, 0 }));
        });
    }

    [Test]
    public void Without_index_a_mask_of_no_image_is_named()
    {
        WriteImage("a", 4, 4);
        ImageFile.WriteMask(Folder.Combine("masks", "z_r1.png"), new ImageSize(4, 4), new byte[16]);

        Assert.That(() => ImageFolder.Open(Folder.Path), ThrowsInvalid("z_r1.png' belongs to no image"));
    }

    [Test]
    public void Crop_cuts_images_of_several_sizes()
    {
        WriteImage("a", 4, 6, slots: [1]);
        WriteImage("b", 8, 5);
        WriteIndex("id,subject,annotators", "a,P,1", "b,P,0");

        var folder = ImageFolder.Open(Folder.Path, new Preprocessing { Crop = new ImageSize(2, 2) });

        Assert.Multiple(() =>
        {
            Assert.That(folder.Shape, Is.EqualTo(new ImageShape(1, 2, 2)));
            Assert.That(folder.Read(0).Pixels.ToFloats(), Is.EqualTo(new[] { 8 / 255f, 9 / 255f, 14 / 255f, 15 / 255f }));
            Assert.That(folder.Read(0).Annotations.Values, Has.Length.EqualTo(4));
            Assert.That(folder.Read(1).Pixels.ToFloats(), Has.Length.EqualTo(4));
        });
    }

    [Test]
    public void Resize_scales_images_and_masks()
    {
        WriteImage("a", 2, 2, slots: [1]);
        WriteIndex("id,subject,annotators", "a,P,1");

        var image = ImageFolder.Open(Folder.Path, new Preprocessing { Resize = new ImageSize(4, 2) }).Read(0);

        Assert.Multiple(() =>
        {
            Assert.That(image.Shape, Is.EqualTo(new ImageShape(1, 4, 2)));
            Assert.That(image.Pixels.ToFloats(), Is.EqualTo(new[] { 0, 1, 0.5f, 1.5f, 1.5f, 2.5f, 2, 3 }.Select(value => value / 255f)).Within(1e-6f));
            Assert.That(image.Annotations.Values, Is.EqualTo(new byte[] { 1, 0, 1, 0, 0, 0, 0, 0 }));
        });
    }

    [Test]
    public void Crop_and_resize_together_are_refused()
    {
        WriteImage("a", 4, 4);

        Assert.That(
            () => ImageFolder.Open(Folder.Path, new Preprocessing { Crop = new ImageSize(2, 2), Resize = new ImageSize(2, 2) }),
            Throws.ArgumentException.With.Message.Contains("choose one"));
    }

    [Test]
    public void Crop_larger_than_an_image_names_it()
    {
        WriteImage("a", 9, 9);
        WriteImage("b", 4, 6);
        WriteIndex("id,subject,annotators", "a,P,0", "b,P,0");
        var folder = ImageFolder.Open(Folder.Path, new Preprocessing { Crop = new ImageSize(8, 5) });

        Assert.That(() => folder.Read(1), ThrowsInvalid(
            "b.png' is 4x6 pixels (height x width), smaller than the crop 8x5; leave it out, or train on a smaller Crop or with Resize."));
    }

    [Test]
    public void Image_of_another_depth_is_named_with_the_first()
    {
        WriteImage("a", 4, 4);
        ImageFile.Write(Folder.Combine("images", "b.png"), new ImagePixels(new ImageShape(1, 4, 4), new ushort[16]));
        WriteIndex("id,subject,annotators", "a,P,0", "b,P,0");
        var folder = ImageFolder.Open(Folder.Path);

        Assert.That(() => folder.Read(1), ThrowsInvalid(
            $"Image '{Folder.Combine("images", "b.png")}' holds 16-bit integers, but the first image '{Folder.Combine("images", "a.png")}' "
            + "8-bit integers; save all images of a data set with the same number of bits."));
    }

    [Test]
    public void Sixteen_bit_images_keep_their_type_where_they_are_cropped_and_become_floats_where_they_are_resized()
    {
        ushort[] values = [.. Enumerable.Range(0, 16).Select(value => (ushort)(4001 * value))];
        ImageFile.Write(Folder.Combine("images", "a.png"), new ImagePixels(new ImageShape(1, 4, 4), values));
        var (crop, size) = (new Preprocessing { Crop = new ImageSize(2, 2) }, new Preprocessing { Resize = new ImageSize(4, 4) });
        var (cropped, resized) = (ImageFolder.Open(Folder.Path, crop), ImageFolder.Open(Folder.Path, size));

        Assert.Multiple(() =>
        {
            Assert.That(cropped.Format, Is.EqualTo(new ImageFormat(new ImageShape(1, 2, 2), PixelType.UInt16, crop)));
            Assert.That(cropped.Read(0).Pixels.Values<ushort>().ToArray(), Is.EqualTo((ushort[])[values[5], values[6], values[9], values[10]]));
            Assert.That((resized.Format.Source, resized.Format.PixelType), Is.EqualTo((PixelType.UInt16, PixelType.Float32)));
            Assert.That(resized.Read(0).Pixels.Values<float>().ToArray(), Is.EqualTo(values.Select(value => value / 65535f)));
        });
    }

    [Test]
    public void Image_of_another_size_is_named()
    {
        WriteImage("a", 4, 4);
        WriteImage("b", 4, 5);
        WriteIndex("id,subject,annotators", "a,P,0", "b,P,0");
        var folder = ImageFolder.Open(Folder.Path);

        Assert.That(() => folder.Read(1), ThrowsInvalid("b.png' is 1x4x5 (channels x height x width), but the first image"));
    }

    [Test]
    public void Mask_of_another_size_is_named_with_its_image_and_both_sizes()
    {
        WriteImage("a", 4, 5);
        ImageFile.WriteMask(Folder.Combine("masks", "a_r1.png"), new ImageSize(5, 4), new byte[20]);
        WriteIndex("id,subject,annotators", "a,P,1");
        var folder = ImageFolder.Open(Folder.Path);

        Assert.That(() => folder.Read(0), ThrowsInvalid($"Mask '{Folder.Combine("masks", "a_r1.png")}' is 5x4 pixels (height x width), "
            + $"but its image '{Folder.Combine("images", "a.png")}' is 4x5; a mask must have the size of its image."));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "A dot hides no file there.")]
    public void An_image_that_is_hidden_is_not_said_to_be_missing()
    {
        WriteImage("a", 4, 4);
        WriteImage(".b", 4, 4);
        WriteIndex("id,subject,annotators", "a,P,0", ".b,P,0");

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<FileNotFoundException>().With.Message.EndsWith(
                $"names the image '.b', but '{Folder.Combine("images", ".b.png")}' is hidden, and hidden files are left out: give it another name."));
    }

    [Test]
    public void Truncated_image_is_named()
    {
        WriteImage("a", 64, 64);
        WriteImage("b", 64, 64);
        WriteIndex("id,subject,annotators", "a,P,0", "b,P,0");
        var path = Folder.Combine("images", "b.png");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..60]);
        var folder = ImageFolder.Open(Folder.Path);

        Assert.That(() => folder.Read(1), ThrowsInvalid($"Image file '{path}' cannot be read"));
    }

    [TestCase("id,subject", "has no column 'annotators'")]
    [TestCase("subject,annotators", "has no column 'id'")]
    [TestCase("Id,subject,annotators", "has no column 'id'")]
    [TestCase("id,subject,annotators,Fold", "names the column 'Fold'; write it 'fold', by which it is known.")]
    [TestCase("id;subject;annotators", "has semicolons between its columns; save the file with commas, as in id,subject,annotators.")]
    [TestCase("id\tsubject\tannotators", "has tabs between its columns; save the file with commas")]
    [TestCase("", "it is empty")]
    public void Missing_column_is_named(string header, string expected)
    {
        WriteImage("a", 4, 4);
        WriteIndex(header, "a,P,0");
        if (header.Length == 0)
        {
            File.WriteAllText(Folder.Combine("index.csv"), string.Empty);
        }

        Assert.That(() => ImageFolder.Open(Folder.Path), ThrowsInvalid(expected));
    }

    [TestCase("a,Q,0", "Lines 2 and 3 of '*' have the same id 'a'")]
    [TestCase("b,Q", "Line 3 of '*' has 2 values; its first line names 3 columns")]
    [TestCase("\"b,Q,2", "Line 4 of '*' has 1 values; its first line names 3 columns. A quotation mark may be open since a line before.")]
    [TestCase(",Q,0", "Line 3 of '*' has an empty id")]
    [TestCase("b,,0", "Line 3 of '*' has an empty subject")]
    [TestCase("b,Q,x", "Line 3 of '*' has annotators 'x'; it must be a whole number")]
    [TestCase("b,Q,-1", "Line 3 of '*' has annotators '-1'; it must be a whole number")]
    [TestCase("../b,Q,0", "Line 3 of '*' has the id '../b'; an id must not hold / \\ : or control characters")]
    [TestCase("b\0,Q,0", "Line 3 of '*' has the id 'b\0'; an id must not hold / \\ : or control characters")]
    [TestCase("b,Q,3", "Line 3 of '*' gives image 'b' 3 annotators, but 2 found in the folder masks (b_r1.png, b_r4.png)")]
    [TestCase("b,Q,1", "Line 3 of '*' gives image 'b' 1 annotator, but 2 found in the folder masks (b_r1.png, b_r4.png)")]
    [TestCase("b,Q\"Q,2", "Line 3 of '*' is no valid CSV")]
    public void Faulty_row_is_named_by_its_line(string row, string expected)
    {
        WriteImage("a", 4, 4);
        WriteImage("b", 4, 4, slots: [1, 4]);
        WriteIndex("id,subject,annotators", "a,P,0", row);

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            ThrowsInvalid(expected.Replace("*", Folder.Combine("index.csv"), StringComparison.Ordinal)));
    }

    [Test]
    public void Fold_that_is_no_number_is_named_by_its_line()
    {
        WriteImage("a", 4, 4);
        WriteIndex("id,subject,annotators,fold", "a,P,0,test");

        Assert.That(() => ImageFolder.Open(Folder.Path), ThrowsInvalid("has fold 'test'; it must be a whole number"));
    }

    [Test]
    public void Missing_image_file_is_named_with_its_line()
    {
        WriteImage("a", 4, 4);
        WriteIndex("id,subject,annotators", "a,P,0", "b,P,0");

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo(
                $"Line 3 of '{Folder.Combine("index.csv")}' names the image 'b', "
                + $"but '{Folder.Combine("images", "b.png")}' does not exist."));
    }

    [Test]
    public void Missing_image_file_is_named_beside_what_is_there_and_not_read()
    {
        WriteImage("a", 4, 4);
        File.WriteAllText(Folder.Combine("images", "b.tif"), "");
        WriteIndex("id,subject,annotators", "a,P,0", "b,P,0");

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<FileNotFoundException>().With.Message.EndsWith(
                $"does not exist. 1 file is left out: '{Folder.Combine("images", "b.tif")}' is neither PNG nor JPEG by its name."));
    }

    [Test]
    public void Folder_without_images_is_refused()
    {
        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("images' does not exist"));
        Directory.CreateDirectory(Path.Combine(Folder.Path, "images"));
        Assert.That(() => ImageFolder.Open(Folder.Path), ThrowsInvalid("holds no images"));
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void Index_outside_the_data_set_is_refused(int index)
    {
        WriteImage("a", 4, 4);
        var folder = ImageFolder.Open(Folder.Path);

        Assert.That(() => folder.Read(index), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("holds images 0 to 0"));
    }

    [Test]
    public void Real_lidcFolder_is_read()
    {
        var path = Environment.GetEnvironmentVariable("AMBISSL_LIDC");
        if (string.IsNullOrEmpty(path))
        {
            Assert.Ignore("Set AMBISSL_LIDC to the unzipped folder lidc_1611 to run this test.");
        }

        var folder = ImageFolder.Open(path);
        var image = folder.Read(0);
        var last = folder.Read(folder.Count - 1);

        Assert.Multiple(() =>
        {
            Assert.That(folder.Count, Is.EqualTo(1611));
            Assert.That(folder.Shape, Is.EqualTo(new ImageShape(1, 128, 128)));
            Assert.That(folder.Records.Select(record => record.Subject).Distinct().Count(), Is.EqualTo(210));
            Assert.That(SubjectSplit.Folds(folder.Records, 4, seed: 0), Has.Count.EqualTo(210));
            Assert.That(image.Pixels.ToFloats().Min(), Is.Zero);
            Assert.That(image.Pixels.ToFloats().Max(), Is.EqualTo(1));
            Assert.That(image.Annotations.Values.Sum(value => value) / 4.0, Is.EqualTo(635).Within(0.5));
            Assert.That(last.Annotations.Count, Is.EqualTo(4));
        });
    }

    private static Constraint ThrowsInvalid(string message) =>
        Throws.TypeOf<InvalidDataException>().With.Message.Contains(message);

    private void WriteImage(string id, int height, int width, params int[] slots)
    {
        byte[] values = [.. Enumerable.Range(0, height * width).Select(value => (byte)value)];
        ImageFile.Write(Folder.Combine("images", id + ".png"), new ImagePixels(new ImageShape(1, height, width), values));
        var mask = new byte[height * width];
        mask[0] = 1;
        foreach (var slot in slots)
        {
            ImageFile.WriteMask(Folder.Combine("masks", $"{id}_r{slot}.png"), new ImageSize(height, width), mask);
        }
    }

    [Test]
    public void An_index_of_a_gigabyte_is_refused_by_its_size()
    {
        WriteImage("a", 4, 4);
        var path = Folder.Combine("index.csv");
        using (var file = File.Create(path))
        {
            file.SetLength(1 << 30);
        }

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            ThrowsInvalid($"'{path}' has 1073741824 bytes; an index of at most 33554432 is read, so divide the data set."));
    }

    [Test]
    public void A_line_of_a_million_columns_is_refused()
    {
        WriteImage("a", 4, 4);
        WriteIndex("id,subject,annotators" + new string(',', 1_000_000), "a,p,0");

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            ThrowsInvalid(
                $"The row that begins in line 1 of '{Folder.Combine("index.csv")}' has more than 100000 letters; check its quotation marks and line ends."));
    }

    [Test]
    public void A_row_that_goes_on_over_a_million_lines_is_refused()
    {
        WriteImage("a", 4, 4);
        WriteIndex("id,subject,annotators", "a,p,0", string.Concat(Enumerable.Repeat("\"\n\",", 1_000_000)));

        Assert.That(() => ImageFolder.Open(Folder.Path), ThrowsInvalid("The row that begins in line 3 of"));
    }

    [Test]
    public void A_column_that_is_named_twice_is_refused()
    {
        WriteImage("a", 4, 4);
        WriteIndex("id,subject,annotators,place,place", "a,p,0,x,y");

        Assert.That(
            () => ImageFolder.Open(Folder.Path),
            ThrowsInvalid($"The first line of '{Folder.Combine("index.csv")}' names the column 'place' twice; rename or remove one."));
    }

    private void WriteIndex(params string[] lines) => File.WriteAllLines(Folder.Combine("index.csv"), lines);
}
