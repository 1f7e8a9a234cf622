using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

/// <summary>The column that says who drew the masks.</summary>
public sealed class ReadersTests
{
    private static readonly Lazy<AmbiguousSegmentationTransformer> Shared = new(() => AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono).Fit(View()));

    private readonly MLContext _context = TinyData.Context();
    private string _folder = null!;

    /// <summary>Rows of anna and ben, of all three readers, and of nobody; the shared model must not be disposed.</summary>
    private static AmbiguousSegmentationTransformer Model => Shared.Value;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Names_AreTheModelsReaders_AndTheSlotNamesOfTheirMasks()
    {
        var column = Model.Transform(View()).Schema["AnnotatorMasks"];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);

        Assert.Multiple(() =>
        {
            Assert.That(Model.Model.Readers, Is.EqualTo((string[])["anna", "ben", "carl"]));
            Assert.That(names.GetValues().ToArray().Select(name => name.ToString()), Is.EqualTo((string[])["anna", "ben", "carl"]));
            Assert.That(names.Length, Is.EqualTo(((VectorDataViewType)column.Type).Size), "as ML.NET wants slot names");
            Assert.That(names.GetItemOrDefault(2 * TinyData.Pixels).ToString(), Is.EqualTo("carl"));
        });
    }

    [Test]
    public void Keys_AreReadAsTheirValues()
    {
        var keys = _context.Transforms.Conversion.MapValueToKey("Readers").Fit(View()).Transform(View());

        using var model = AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono).Fit(keys);

        Assert.That(model.Model.Readers, Is.EqualTo((string[])["anna", "ben", "carl"]));
        Assert.That(AnnotatorData.Masks(model.Transform(keys)), Is.EqualTo(AnnotatorData.Masks(Model.Transform(View()))));
        Assert.That(Dice(model.Transform(keys)), Is.EqualTo(Dice(Model.Transform(View()))));
    }

    [Test]
    public void AnotherOrderOfTheReaders_GivesTheSameDice()
    {
        var reversed = Rows().Select(row => row.Reversed());
        var dice = Dice(Model.Transform(View()));

        Assert.That(dice.Keys, Is.EqualTo((string[])["anna", "ben", "carl"]));
        Assert.That(dice["anna"].Mean, Is.GreaterThan(0.3), "masks that are empty would tell nothing");
        Assert.That(Dice(Model.Transform(View(reversed))), Is.EqualTo(dice));
    }

    [Test]
    public void AbsentReaders_AreNotScored()
    {
        var dice = Dice(Model.Transform(View()));
        var withoutNames = Dice(Model.Transform(_context.Transforms.DropColumns("Readers").Fit(View()).Transform(View())));

        Assert.That(dice.Values.Select(average => average.Count), Is.EqualTo((int[])[16, 16, 8]));
        Assert.That(withoutNames.Values.Select(average => average.Count), Is.All.Zero);
    }

    [Test]
    public void Names_FollowTheMasks_ThroughOtherTransformsAndFiles()
    {
        var scored = Model.Transform(View());
        var dice = Dice(scored);
        var renamed = _context.Transforms.CopyColumns("Personal", "AnnotatorMasks").Fit(scored).Transform(scored);
        var path = Path.Combine(_folder, "scored.idv");
        using (var stream = File.Create(path))
        {
            _context.Data.SaveAsBinary(scored, stream);
        }

        Assert.That(Dice(_context.Data.LoadFromBinary(path)), Is.EqualTo(dice));
        Assert.That(Dice(renamed, new SegmentationColumns { AnnotatorMasks = "Personal" }), Is.EqualTo(dice));
    }

    [Test]
    public void ModelFile_KeepsTheReaders()
    {
        var path = Path.Combine(_folder, "model.zip");
        _context.Model.Save(Model, View().Schema, path);

        using var loaded = (AmbiguousSegmentationTransformer)TinyData.Context().Model.Load(path, out _);

        Assert.That(loaded.Model.Readers, Is.EqualTo(Model.Model.Readers));
        Assert.That(Dice(loaded.Transform(View())), Is.EqualTo(Dice(Model.Transform(View()))));
    }

    [Test]
    public void WithoutTheColumn_AnnotatorsAreRanks_AndHaveNoNames()
    {
        Assert.That(AnnotatorData.Shared.Model.Readers, Is.Empty);
        Assert.That(AnnotatorData.Shared.Transform(TinyData.View()).Schema["AnnotatorMasks"].HasSlotNames(), Is.False);
    }

    [Test]
    public void ColumnThatIsNotToBeRead_IsNotRead()
    {
        using var model = AnnotatorData.Trainers
            .Pionono(AnnotatorData.Pionono with { Epochs = 1 }, new SegmentationColumns { Readers = null }).Fit(View());

        Assert.That(model.Model.Readers, Is.Empty);
    }

    [Test]
    public void ColumnThatIsNamedAndMissing_IsRefused()
    {
        var columns = new SegmentationColumns { Readers = "Raters" };

        Assert.That(
            () => AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono, columns).Fit(View()),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Could not find readers column 'Raters'; name the column that says who drew the masks with SegmentationColumns.Readers."));
    }

    [Test]
    public void ColumnOfAnotherType_IsRefused() => Assert.That(
        () => AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono, new SegmentationColumns { Readers = "Annotations" }).Fit(View()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Schema mismatch for readers column 'Annotations': expected a vector of text, or of keys whose values are text, got Vector<Byte>;"));

    [TestCase("anna", "the number of readers is 1 and that of masks 2")]
    [TestCase("anna;anna", "reader 'anna' is named twice")]
    [TestCase("anna;", "the name of reader 2 is empty")]
    public void NamesThatDoNotFitTheMasks_AreRefusedByRow(string names, string fault)
    {
        var rows = Rows().ToArray();
        rows[0].Readers = names.Split(';');

        Assert.That(
            () => AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono).Fit(View(rows)),
            Throws.InvalidOperationException.With.Message.EqualTo(
                $"Column 'Readers', row 0: {fault}; name whoever drew each mask of column 'Annotations', nobody twice, or drop the column where "
                + "nobody is known."));
    }

    [Test]
    public void Names_OfRowsThatLoseTheirMasks_DoNotMatter()
    {
        var rows = Rows().ToArray();
        rows[0].Annotations = [];

        using var model = AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono with { Epochs = 1 }).Fit(View(rows));

        Assert.That(model.Model.Readers, Has.Count.EqualTo(3));
    }

    [Test]
    public void Folder_NamesReadersByIndexOrByNumber()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 2, Annotators = 3, Height = 16, Width = 16 });
        ImageFolder.Save(lesions, Path.Combine(_folder, "data"));
        var segmentation = _context.AmbiguousSegmentation();

        var byName = segmentation.LoadFolder(Path.Combine(_folder, "data"));
        File.WriteAllLines(
            Path.Combine(_folder, "data", "index.csv"), ["id,subject,annotators", .. lesions.Records.Select(record => $"{record.Id},p,3")]);

        Assert.Multiple(() =>
        {
            Assert.That(byName.GetColumn<string[]>("Readers"), Is.All.EqualTo((string[])["r1", "r2", "r3"]));
            Assert.That(segmentation.LoadFolder(Path.Combine(_folder, "data")).Schema.GetColumnOrNull("Readers"), Is.Null);
            Assert.That(
                segmentation.LoadFolder(Path.Combine(_folder, "data"), reading: new ReadingOptions { Readers = ReaderIdentity.ByNumber })
                    .GetColumn<string[]>("Readers"),
                Is.All.EqualTo((string[])["r1", "r2", "r3"]));
        });
    }

    private static IEnumerable<NamedRow> Rows() => NamedRow.Of(TinyData.Rows(24));

    private static IDataView View() => View(Rows());

    private static IDataView View(IEnumerable<NamedRow> rows) => TinyData.Context().Data.LoadFromEnumerable(rows);

    private IReadOnlyDictionary<string, ScoreAverage> Dice(IDataView scored, SegmentationColumns? columns = null) =>
        _context.AmbiguousSegmentation().Evaluate(scored, columns).AnnotatorDice;
}
