using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ImageFolderSaveTests : FolderFixture
{
    [Test]
    public void Synthetic_data_returns_as_saved()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 5, Height = 32, Width = 48, ImagesPerSubject = 2 });
        var path = Folder.Combine("new", "set");
        ImageFolder.Save(lesions, path);

        var folder = ImageFolder.Open(path);

        Assert.Multiple(() =>
        {
            Assert.That(
                folder.Records.Select(record => (record.Id, record.Subject)),
                Is.EqualTo(lesions.Records.Select(record => (record.Id, record.Subject))));
            Assert.That(folder.Shape, Is.EqualTo(lesions.Shape));
            for (var index = 0; index < 5; index++)
            {
                Assert.That(folder.Read(index).Pixels.ToFloats(), Is.EqualTo(lesions.Read(index).Pixels.ToFloats()));
                Assert.That(folder.Read(index).Annotations.Values, Is.EqualTo(lesions.Read(index).Annotations.Values));
            }

            Assert.That(Directory.EnumerateFileSystemEntries(Folder.Combine("new", "x")[..^2]), Has.Exactly(1).Items);
        });
    }

    [Test]
    public void Folds_further_columns_gaps_and_unlabeled_images_return()
    {
        var source = new MemorySource(
            Record("a", 3, [2, 5], ("site", "Rome, \"west\"")),
            Record("b", null, []));
        ImageFolder.Save(source, Folder.Combine("set"));

        var records = ImageFolder.Open(Folder.Combine("set")).Records;

        Assert.Multiple(() =>
        {
            Assert.That(records.Select(record => record.Fold), Is.EqualTo(new int?[] { 3, null }));
            Assert.That(records.Select(record => record.Columns["site"]), Is.EqualTo(new[] { "Rome, \"west\"", "" }));
            Assert.That(records[0].Annotators, Is.EqualTo(new[] { 2, 5 }));
            Assert.That(records[1].IsLabeled, Is.False);
        });
    }

    [Test]
    public void Floating_point_values_are_saved_with_16_bits()
    {
        ImageFolder.Save(new MemorySource(Record("a", null, [])) { Value = 1001 / 65535f }, Folder.Combine("set"));

        Assert.That(ImageFolder.Open(Folder.Combine("set")).Read(0).Pixels.ToFloats(), Is.All.EqualTo(1001 / 65535f));
    }

    [Test]
    public void Folder_that_holds_something_is_left_alone()
    {
        File.WriteAllText(Folder.Combine("set", "note.txt"), "mine");

        Assert.Multiple(() =>
        {
            Assert.That(
                () => ImageFolder.Save(new MemorySource(Record("a", null, [])), Folder.Combine("set")),
                Throws.TypeOf<IOException>().With.Message.Contains("exists already and is not an empty folder"));
            Assert.That(
                Directory.EnumerateFileSystemEntries(Folder.Combine("set")).Select(Path.GetFileName),
                Is.EqualTo(new[] { "note.txt" }));
        });
    }

    [Test]
    public void Failure_leaves_nothing_behind()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => ImageFolder.Save(new MemorySource(Record("a", null, []), Record("../b", null, [])), Folder.Combine("set")),
                Throws.ArgumentException.With.Message.Contains("The id '../b'"));
            Assert.That(
                () => ImageFolder.Save(new MemorySource(Record("a", null, [])) { Value = 2 }, Folder.Combine("set")),
                Throws.ArgumentException);
            Assert.That(Directory.EnumerateFileSystemEntries(Folder.Path), Is.Empty);
        });
    }

    [TestCase("a/b")]
    [TestCase("a,b")]
    [TestCase("a=b")]
    [TestCase("a ")]
    public void A_class_that_has_files_and_a_name_that_none_can_have_is_refused(string name)
    {
        Assert.That(
            () => ImageFolder.Save(
                new MemorySource(Record("a", null, [1])) { Overlapping = new MaskClasses(["c", name], overlap: true) }, Folder.Combine("set")),
            Throws.ArgumentException.With.Message.StartsWith($"Classes overlap, and each has a file of its name, which '{name}' cannot be"));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder.Path), Is.Empty);
    }

    private static ImageRecord Record(string id, int? fold, int[] annotators, params (string Name, string Value)[] columns) => new()
    {
        Id = id,
        Subject = "P " + id,
        Fold = fold,
        Annotators = annotators,
        Columns = columns.ToDictionary(column => column.Name, column => column.Value),
    };

    private sealed class MemorySource(params ImageRecord[] records) : ImageSource
    {
        public override ImageFormat Format { get; } = new(new ImageShape(1, 3, 4), PixelType.Float32, Preprocessing.None);

        public override IReadOnlyList<ImageRecord> Records => records;

        public override MaskClasses Classes => Overlapping;

        public float Value { get; init; }

        public MaskClasses Overlapping { get; init; } = MaskClasses.One;

        protected override AnnotatedImage ReadImage(int index)
        {
            var pixels = new float[12];
            Array.Fill(pixels, Value);
            return new AnnotatedImage(
                records[index].Id,
                records[index].Subject,
                new ImagePixels(Shape, pixels),
                new MaskSet(Shape.Size, new byte[12 * records[index].Annotators.Count * Classes.Count], null, null, Classes));
        }
    }
}
