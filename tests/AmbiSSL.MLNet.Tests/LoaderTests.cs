using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class LoaderTests
{
    private static readonly SyntheticLesions Lesions = new(
        new SyntheticLesionOptions { Images = 12, Height = 20, Width = 24, Annotators = 3, ImagesPerSubject = 2, Seed = 3 });

    private readonly MLContext _context = new(seed: 1);
    private string _folder = "";

    private AmbiguousSegmentationCatalog Segmentation => _context.AmbiguousSegmentation();

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Folder_HasTheColumnsThatTrainingReads()
    {
        var path = Path.Combine(_folder, "data");
        ImageFolder.Save(Lesions, path);

        var data = Segmentation.LoadFolder(path);

        Assert.Multiple(() =>
        {
            Assert.That(data.GetRowCount(), Is.EqualTo(12));
            Assert.That(data.Schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 1, 20, 24)));
            Assert.That(data.Schema["Annotations"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 0, 20, 24)));
            Assert.That(data.GetColumn<string>("Id"), Is.EqualTo(Lesions.Records.Select(record => record.Id)));
            Assert.That(data.GetColumn<string>("Subject"), Is.EqualTo(Lesions.Records.Select(record => record.Subject)));
            Assert.That(data.GetColumn<byte[]>("Image").ElementAt(5), Is.EqualTo(Lesions.Read(5).Pixels.Values<byte>().ToArray()));
            Assert.That(data.GetColumn<byte[]>("Annotations").ElementAt(5), Is.EqualTo(Lesions.Read(5).Annotations.Values));
        });
    }

    [Test]
    public void Images_AreReadOnlyWhenTheirRowsAre()
    {
        var source = new CountingSource(Lesions);
        var data = Segmentation.Load(source);

        Assert.That(data.GetColumn<string>("Subject").Count(), Is.EqualTo(12));
        Assert.That(source.Reads, Is.Zero);

        using var cursor = data.GetRowCursor(data.Schema);
        var image = cursor.GetGetter<VBuffer<byte>>(data.Schema["Image"]);
        var annotations = cursor.GetGetter<VBuffer<byte>>(data.Schema["Annotations"]);
        VBuffer<byte> pixels = default;
        VBuffer<byte> masks = default;
        cursor.MoveNext();
        cursor.MoveNext();
        image(ref pixels);
        annotations(ref masks);
        Assert.That(source.Reads, Is.EqualTo(1), "one image for both columns of one row");
    }

    [Test]
    public void ShuffledRows_KeepTheirValuesTogether()
    {
        var shuffled = _context.Data.ShuffleRows(Segmentation.Load(Lesions), seed: 5);

        var ids = shuffled.GetColumn<string>("Id").ToArray();
        var images = shuffled.GetColumn<byte[]>("Image").ToArray();

        Assert.That(ids, Is.EquivalentTo(Lesions.Records.Select(record => record.Id)).And.Not.EqualTo(Lesions.Records.Select(record => record.Id)));
        var index = Lesions.Records.Select(record => record.Id).ToList().IndexOf(ids[0]);
        Assert.That(images[0], Is.EqualTo(Lesions.Read(index).Pixels.Values<byte>().ToArray()));
    }

    [Test]
    public void TrainTestSplit_NeverSeparatesASubject()
    {
        var split = Segmentation.TrainTestSplit(Segmentation.Load(Lesions), testFraction: 0.34);

        var train = split.TrainSet.GetColumn<string>("Subject").ToArray();
        var test = split.TestSet.GetColumn<string>("Subject").ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(train.Length + test.Length, Is.EqualTo(12));
            Assert.That(test.Distinct().Count(), Is.EqualTo(2));
            Assert.That(train.Intersect(test), Is.Empty);
        });
    }

    [Test]
    public void KeepAnnotations_EmptiesThoseOfOtherSubjectsAndKeepsTheirImages()
    {
        var kept = Segmentation.KeepAnnotations(Segmentation.Load(Lesions), fraction: 0.5);

        var rows = kept.GetColumn<string>("Subject").Zip(kept.GetColumn<byte[]>("Annotations")).ToArray();
        var labeled = rows.Where(row => row.Second.Length > 0).Select(row => row.First).Distinct().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Length.EqualTo(12));
            Assert.That(labeled, Has.Length.EqualTo(3));
            Assert.That(rows.Where(row => labeled.Contains(row.First)), Has.All.Matches<(string, byte[] Masks)>(row => row.Masks.Length == 3 * 20 * 24));
        });
    }

    [Test]
    public void SmallerShareOfSubjects_IsPartOfTheLargerOne()
    {
        string[] Labeled(double fraction) => [.. Rows(fraction).Where(row => row.Masks.Length > 0).Select(row => row.Subject)];
        IEnumerable<(string Subject, byte[] Masks)> Rows(double fraction)
        {
            var data = Segmentation.KeepAnnotations(Segmentation.Load(Lesions), fraction);
            return data.GetColumn<string>("Subject").Zip(data.GetColumn<byte[]>("Annotations"));
        }

        Assert.That(Labeled(0.2), Is.SubsetOf(Labeled(0.7)));
    }

    [Test]
    public void SplitWithoutASubjectColumn_IsRefused() => Assert.That(
        () => Segmentation.TrainTestSplit(TinyData.View()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Could not find subject column 'Subject'; splits need to know whose image a row is: add a text column or name the one there is."));

    [Test]
    public void SubjectColumnThatIsNoText_IsRefused() => Assert.That(
        () => Segmentation.TrainTestSplit(TinyData.View(), subjectColumnName: "Image"),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Schema mismatch for subject column 'Image': expected Text"));

    private sealed class CountingSource(ImageSource source) : ImageSource
    {
        public int Reads { get; private set; }

        public override ImageFormat Format => source.Format;

        public override IReadOnlyList<ImageRecord> Records => source.Records;

        protected override AnnotatedImage ReadImage(int index)
        {
            Reads++;
            return source.Read(index);
        }
    }
}
