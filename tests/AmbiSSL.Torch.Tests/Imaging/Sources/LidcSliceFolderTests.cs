using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class LidcSliceFolderTests : FolderFixture
{
    [Test]
    public void Slices_come_by_patient_nodule_and_number()
    {
        WriteSlice("LIDC-IDRI-0002", 0, 3, masks: 4);
        WriteSlice("LIDC-IDRI-0001", 10, 0, masks: 4);
        WriteSlice("LIDC-IDRI-0001", 2, 11, masks: 4);
        WriteSlice("LIDC-IDRI-0001", 2, 9, masks: 0);

        var records = LidcSliceFolder.Open(Folder.Path).Records;

        Assert.Multiple(() =>
        {
            Assert.That(
                records.Select(record => record.Id),
                Is.EqualTo(new[]
                {
                    "LIDC-IDRI-0001_nodule-2_slice-9",
                    "LIDC-IDRI-0001_nodule-2_slice-11",
                    "LIDC-IDRI-0001_nodule-10_slice-0",
                    "LIDC-IDRI-0002_nodule-0_slice-3",
                }));
            Assert.That(records[0].IsLabeled, Is.False);
            Assert.That(records[1].Annotators, Is.EqualTo(new[] { 1, 2, 3, 4 }));
            Assert.That(records[1].Columns, Is.EqualTo(new Dictionary<string, string> { ["nodule"] = "2", ["slice"] = "11" }));
            Assert.That(records[3].Subject, Is.EqualTo("LIDC-IDRI-0002"));
        });
    }

    [Test]
    public void Masks_are_read_by_slot()
    {
        WriteSlice("P", 0, 0, masks: 3);

        var image = LidcSliceFolder.Open(Folder.Path).Read(0);

        Assert.Multiple(() =>
        {
            Assert.That(image.Shape, Is.EqualTo(new ImageShape(1, 2, 3)));
            Assert.That(image.Annotations.Values, Is.EqualTo(new byte[] { 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 }));
        });
    }

    [Test]
    public void Mask_of_no_image_is_named()
    {
        WriteSlice("P", 0, 0, masks: 1);
        var path = Folder.Combine("P", "nodule-0", "mask-1", "slice-7.png");
        ImageFile.WriteMask(path, new ImageSize(2, 3), new byte[6]);

        Assert.That(
            () => LidcSliceFolder.Open(Folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"Mask '{path}' belongs to no image"));
    }

    [Test]
    public void Folder_without_slices_is_refused()
    {
        Directory.CreateDirectory(Folder.Combine("P", "nodule-0"));

        Assert.Multiple(() =>
        {
            Assert.That(
                () => LidcSliceFolder.Open(Folder.Path),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("holds no images"));
            Assert.That(() => LidcSliceFolder.Open(Folder.Combine("none")), Throws.TypeOf<DirectoryNotFoundException>());
        });
    }

    private void WriteSlice(string patient, int nodule, int slice, int masks)
    {
        ImageFile.Write(
            Folder.Combine(patient, $"nodule-{nodule}", "images", $"slice-{slice}.png"),
            new ImagePixels(new ImageShape(1, 2, 3), new byte[6]));
        for (var number = 0; number < masks; number++)
        {
            var mask = new byte[6];
            mask[number] = 1;
            ImageFile.WriteMask(
                Folder.Combine(patient, $"nodule-{nodule}", $"mask-{number}", $"slice-{slice}.png"),
                new ImageSize(2, 3),
                mask);
        }
    }
}
