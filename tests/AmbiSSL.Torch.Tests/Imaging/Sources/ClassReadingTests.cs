using System.Globalization;
using AmbiSSL.Torch.Imaging;
using NUnit.Framework;
using PureHDF;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Masks of several classes from every kind of data set.</summary>
internal sealed class ClassReadingTests : FolderFixture
{
    private const string Two = "core=1,rim=2";

    private static readonly ImageShape Shape = new(1, 2, 3);

    // Of the numbers 0, 1, 2, 2, 0, 1.
    private static readonly byte[] Numbers = [0, 1, 2, 2, 0, 1];
    private static readonly byte[] Planes = [0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0];

    [Test]
    public void A_folder_has_a_map_of_labels_for_each_reader()
    {
        Write("images/a.png", new byte[6]);
        Write("masks/a_r1.png", Numbers);
        Write("masks/a_r2.png", new byte[6]);

        var source = Open(Two);
        var masks = source.Read(0).Annotations;

        Assert.That((masks.Count, source.Classes, masks.Values), Is.EqualTo((2, new MaskClasses(["core", "rim"]), (byte[])[.. Planes, .. new byte[12]])));
    }

    [Test]
    public void A_folder_may_have_a_file_for_each_class([Values] bool overlap)
    {
        Write("images/a.png", new byte[6]);
        Write("masks/a_r2_core.png", [0, 255, 0, 0, 0, 255]);
        Write("masks/a_r2_rim.png", [0, 0, 255, 255, 0, overlap ? (byte)255 : (byte)0]);
        File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators,readers\na,p,1,anna\n");

        var source = Open(overlap ? "core,rim overlapping" : "core,rim");
        var masks = source.Read(0).Annotations;

        Assert.Multiple(() =>
        {
            Assert.That(masks.Values, Is.EqualTo((byte[])[.. Planes[..11], overlap ? (byte)1 : (byte)0]));
            Assert.That((masks.Count, masks.Readers[0], masks.Classes.Overlap), Is.EqualTo((1, "anna", overlap)));
            Assert.That(source.Records[0].MaskPaths.Select(Path.GetFileName), Is.EqualTo((string[])["a_r2_core.png", "a_r2_rim.png"]));
            Assert.That(source.LeftOut, Is.Empty);
        });
    }

    [Test]
    public void A_pixel_in_the_files_of_two_classes_is_refused_where_they_do_not_overlap()
    {
        Write("images/a.png", new byte[6]);
        Write("masks/a_r1_core.png", [0, 255, 0, 0, 0, 255]);
        Write("masks/a_r1_rim.png", [0, 255, 0, 0, 0, 0]);

        Assert.That(() => Open("core,rim").Read(0), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"Masks '{Folder.Combine("masks", "a_r1_core.png")}' and '{Folder.Combine("masks", "a_r1_rim.png")}' of image 'a' have a pixel in common, in row "
            + "1 and column 2, counted from 1; give it one class, or say that classes overlap (--overlap)."));
    }

    [Test]
    public void A_class_without_its_file_is_refused_and_other_files_are_left_out()
    {
        Write("images/a.png", new byte[6]);
        Write("masks/a_r1_core.png", new byte[6]);
        Write("masks/a_r1.png", new byte[6]);

        Assert.That(() => Open("core,rim"), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"Mask '{Folder.Combine("masks", "a_r1_core.png")}' is of the class 'core', and mask 1 of its image has no file 'a_r1_rim.png' of the class 'rim'; "
            + "add it, black all over where nobody drew anything."));

        Write("masks/a_r1_rim.png", new byte[6]);
        Assert.That(Open("core,rim").LeftOut.Single().Reason, Is.EqualTo("is not named as a mask, ID_rNUMBER_CLASS.png"));
    }

    [Test]
    public void What_a_folder_is_saved_with_is_read_again([Values] bool overlap)
    {
        Write("images/a.png", new byte[6]);
        Write("masks/a_r1.png", [0, 1, 2, 3, 0, 255]);
        var source = Open(overlap ? "core=1+3,rim=2+3 overlapping" : "core=1,rim=2+3", "unmistakable ignoring 255");

        ImageFolder.Save(source, Folder.Combine("saved"));
        var reading = new ReadingOptions
        {
            Classes = ClassValues.Parse(overlap ? "core,rim overlapping" : Two),
            ForegroundValues = ForegroundValues.Unmistakable.Ignoring(overlap ? 127 : 255),
        };
        var (saved, read) = (source.Read(0).Annotations, ImageFolder.Open(Folder.Combine("saved"), reading: reading).Read(0).Annotations);

        Assert.That((read.Values, read.Ignored, read.Classes), Is.EqualTo((saved.Values, saved.Ignored, saved.Classes)));
        Assert.That(saved.Values, Is.EqualTo(overlap ? (byte[])[0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0] : [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]));
    }

    [Test]
    public void Labels_of_nnUNet_are_classes_by_their_names()
    {
        Write("imagesTr/a_0000.png", new byte[6]);
        Write("labelsTr/a.png", [0, 1, 2, 3, 4, 5]);
        File.WriteAllText(Folder.Combine("dataset.json"), """{"labels": {"background": 0, "whole": [1, 2, 3], "core": [2, 3], "vessel": 4, "ignore": 5}}""");

        var source = Open("whole,core overlapping");
        var masks = source.Read(0).Annotations;

        Assert.That(source.Classes.Values!.ToString(), Is.EqualTo("whole,core overlapping"), "another data set may have other values");
        Assert.That((masks.Values, masks.Ignored), Is.EqualTo(((byte[])[0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0], (byte[])[0, 0, 0, 0, 0, 1])));
        Assert.That(() => Open("whole,rim"), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(
            "has no label 'rim', but background, whole, core, vessel, ignore."));
        Assert.That(() => Open("whole,core"), Throws.ArgumentException.With.Message.Contains("the value 2 is of 'whole' and of 'core'"));
    }

    [Test]
    public void Slices_of_volumes_have_classes([Values] bool byFile)
    {
        File.WriteAllBytes(Folder.Combine("images", "a.nii.gz"), Convert.FromBase64String(NiftiFiles.Plain));
        Volume(byFile ? "a_r1_core" : "a_r1", voxel => (byte)(voxel == 12 ? 1 : voxel == 13 && !byFile ? 2 : 0));
        if (byFile)
        {
            Volume("a_r1_rim", voxel => (byte)(voxel == 13 ? 1 : 0));
        }

        var masks = Open(byFile ? "core,rim" : Two).Read(1).Annotations;

        Assert.That(masks.ClassNumbers(), Is.EqualTo((byte[])[1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void Arrays_have_numbers_of_classes_or_an_axis_of_them([Values] bool axis)
    {
        var path = Folder.Combine("data.h5");
        new H5File
        {
            ["images"] = new byte[1, 2, 2],
            ["masks"] = axis
                ? new byte[,,,,] { { { { { 0, 1 }, { 0, 0 } }, { { 0, 0 }, { 1, 1 } } }, { { { 0, 0 }, { 0, 0 } }, { { 1, 0 }, { 0, 0 } } } } }
                : new byte[,,,] { { { { 0, 1 }, { 2, 2 } }, { { 2, 0 }, { 0, 0 } } } },
        }.Write(path);

        var masks = HdfImages.Open(path, reading: new ReadingOptions { Classes = ClassValues.Parse(axis ? "core,rim" : Two) }).Read(0).Annotations;

        Assert.That((masks.Count, masks.ClassNumbers()), Is.EqualTo((2, (byte[])[0, 1, 2, 2, 2, 0, 0, 0])));
        Assert.That(
            () => HdfImages.Open(path, reading: new ReadingOptions { Classes = ClassValues.Parse("a,b,c") }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                "with its images 'images' and the classes a, b, c it must be [1, A, 3, 2, 2]. Where it holds numbers"));
    }

    [Test]
    public void Categories_of_COCO_are_classes()
    {
        Write("a.png", new byte[120], new ImageShape(1, 10, 12));
        string Box(int category, int top, int left, int size) => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\": {category}, \"image_id\": 1, \"category_id\": {category}, \"segmentation\": [[{left}, {top}, {left + size}, {top}, {left + size}, "
            + $"{top + size}, {left}, {top + size}]]}}");
        File.WriteAllText(
            Folder.Combine("coco.json"),
            "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\", \"height\": 10, \"width\": 12}], \"annotations\": ["
            + Box(1, 1, 1, 2) + ", " + Box(2, 2, 2, 3) + ", "
            + Box(3, 0, 0, 9) + "], \"categories\": [{\"id\": 1, \"name\": \"core\"}, {\"id\": 2, \"name\": \"rim\"}, {\"id\": 3, \"name\": \"organ\"}]}");

        RequireBoxes("coco.json");
    }

    [Test]
    public void Labels_of_Label_Studio_are_classes()
    {
        Write("a.png", new byte[120], new ImageShape(1, 10, 12));
        string Point(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"[{x * 100 / 12:R}, {y * 10:R}]");
        string Box(string label, double top, double left, double size) =>
            "{\"type\": \"polygonlabels\", \"original_height\": 10, \"original_width\": 12, \"image_rotation\": 0, \"value\": {\"closed\": true, "
            + $"\"points\": [{Point(left, top)}, {Point(left + size, top)}, {Point(left + size, top + size)}, {Point(left, top + size)}], "
            + $"\"polygonlabels\": [\"{label}\"]}}}}";
        File.WriteAllText(
            Folder.Combine("export.json"),
            "[{\"id\": 1, \"data\": {\"image\": \"a.png\"}, \"annotations\": [{\"completed_by\": 1, \"was_cancelled\": false, \"result\": ["
            + Box("core", 1, 1, 2) + ", " + Box("rim", 2, 2, 3) + ", " + Box("organ", 0, 0, 9) + "]}], \"predictions\": []}]");

        RequireBoxes("export.json");
    }

    [TestCase("p/nodule-0/images/slice-0.png", "has the layout of LIDC, whose masks are of the nodule alone, but the classes 'core=1,rim=2' are asked for")]
    [TestCase("a.jpg", "has the layout of ISIC, whose masks are of the lesion alone, but the classes 'core=1,rim=2' are asked for")]
    public void Layouts_of_one_class_refuse_others(string file, string message)
    {
        Write(file, new byte[6]);

        Assert.That(() => Open(Two), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
    }

    [Test]
    public void Images_are_read_without_masks_that_would_be_refused([Values("label map", "files", "volume", "nnU-Net", "array")] string kind)
    {
        // Numbers of classes, with an index that counts them, though nobody says which classes there are.
        var path = Folder.Path;
        switch (kind)
        {
            case "label map":
                Write("images/a.png", [1, 2, 3, 4, 5, 6]);
                Write("masks/a_r1.png", Numbers);
                break;
            case "files":
                Write("images/a.png", [1, 2, 3, 4, 5, 6]);
                Write("masks/a_r1_core.png", Numbers);
                File.WriteAllText(Folder.Combine("index.csv"), "id,subject,annotators,readers\na,p,1,anna\n");
                break;
            case "volume":
                File.WriteAllBytes(Folder.Combine("images", "a.nii.gz"), Convert.FromBase64String(NiftiFiles.Plain));
                Volume("a_r1", voxel => (byte)(voxel % 3));
                break;
            case "nnU-Net":
                Write("imagesTr/a_0000.png", [1, 2, 3, 4, 5, 6]);
                Write("labelsTr/a.png", Numbers);
                File.WriteAllText(Folder.Combine("dataset.json"), """{"labels": {"background": 0, "core": 1, "rim": 2}}""");
                break;
            default:
                path = Folder.Combine("data.h5");
                new H5File { ["images"] = new byte[,,] { { { 1, 2 }, { 3, 4 } } }, ["masks"] = new byte[,,,,] { { { { { 0, 2 }, { 0, 1 } } } } } }.Write(path);
                break;
        }

        Assert.That(() => ImageSources.Open(path).Read(0), Throws.TypeOf<InvalidDataException>(), "with its masks");
        var source = ImageSources.Open(path, reading: new ReadingOptions { WithoutMasks = true });
        var image = source.Read(0);

        Assert.That((image.Annotations.Count, source.LeftOut.Count, image.Pixels.ToFloats().Distinct().Count()), Is.EqualTo((0, 0, image.Shape.PixelCount)));
    }

    [Test]
    public void Masks_that_are_not_read_tell_how_a_photograph_lies()
    {
        // Stored on its side: the mask of a class has the size as it is stored.
        Directory.CreateDirectory(Folder.Combine("images"));
        RawPng.Write(
            Folder.Combine("images", "a.png"), width: 3, bitDepth: 8, colorType: 0, [[1, 2, 3], [4, 5, 6]], exif: ExifOrientationTests.BigEndian(6));
        Write("masks/a_r1_core.png", new byte[6]);

        Assert.That(ImageSources.Open(Folder.Path, reading: new ReadingOptions { WithoutMasks = true }).Shape, Is.EqualTo(Shape));
    }

    [Test]
    public void How_masks_are_read_is_not_said_of_those_that_are_not()
    {
        Write("images/a.png", new byte[6]);

        Assert.That(
            () => ImageFolder.Open(Folder.Path, reading: new ReadingOptions { WithoutMasks = true, Classes = ClassValues.Parse(Two) }),
            Throws.ArgumentException.With.Message.Contains("Option WithoutMasks is True; it must be false beside ForegroundValues, Category and Classes"));
    }

    private void RequireBoxes(string file)
    {
        ImageSource Source(string classes) => ImageSources.Open(Folder.Combine(file), reading: new ReadingOptions { Classes = ClassValues.Parse(classes) });

        var masks = Source("core,rim overlapping").Read(0).Annotations;
        byte[] Box(int top, int left, int size) => [.. Enumerable.Range(0, 120).Select(i =>
            (byte)(i / 12 >= top && i / 12 < top + size && i % 12 >= left && i % 12 < left + size ? 1 : 0))];
        Assert.Multiple(() =>
        {
            Assert.That(masks.Values, Is.EqualTo((byte[])[.. Box(1, 1, 2), .. Box(2, 2, 3)]));
            Assert.That(ImageSources.Open(Folder.Combine(file), reading: new ReadingOptions { WithoutMasks = true }).Read(0).Annotations.Count, Is.Zero);
            Assert.That(
                () => Source("core,rim").Read(0),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains($"of image 'a' in '{Folder.Combine(file)}' has a pixel of the classes ")
                    .And.Message.Contains("'core' and 'rim', in row 3 and column 3, counted from 1"));
            Assert.That(() => Source("core,edge"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("'edge'; there are core, rim, organ."));
            Assert.That(() => Source(Two), Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                "holds outlines, which have no values; name the classes of Classes (--classes) as the file does and give them none: core,rim."));
        });
    }

    private void Volume(string name, Func<int, byte> value)
    {
        var image = Folder.Combine("images", "a.nii.gz");
        NiftiVolume.Write(
            Folder.Combine("masks", name + ".nii.gz"), NiftiVolume.ReadHeader(image), NiftiType.UInt8, [.. Enumerable.Range(0, 24).Select(value)]);
    }

    private void Write(string file, byte[] values, ImageShape? shape = null) =>
        ImageFile.Write(Folder.Combine(file.Split('/')), new ImagePixels(shape ?? Shape, values));

    private ImageSource Open(string classes, string? foreground = null) => ImageSources.Open(Folder.Path, reading: new ReadingOptions
    {
        Classes = ClassValues.Parse(classes), ForegroundValues = foreground is null ? null : ForegroundValues.Parse(foreground),
    });
}
