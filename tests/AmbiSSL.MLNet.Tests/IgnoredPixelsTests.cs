using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

/// <summary>The column of pixels that do not count.</summary>
public sealed class IgnoredPixelsTests
{
    private readonly MLContext _context = TinyData.Context();

    private AmbiguousSegmentationCatalog Segmentation => _context.AmbiguousSegmentation();

    [Test]
    public void Figures_AreOfThePixelsThatCount()
    {
        // The left half of the image counts; there the sample is what the expert drew.
        var scored = View([1, 0, 1, 0], [1, 0, 0, 1], [0, 0, 1, 1]);

        var metrics = Segmentation.Evaluate(scored);

        Assert.That((metrics.Ged, metrics.CountedShare), Is.EqualTo((0, 0.5)));
        Assert.That(metrics.ToString(), Does.EndWith("; 50.0 % of the pixels count"));
        Assert.That(Segmentation.Evaluate(scored, new SegmentationColumns { Ignored = null }).Ged, Is.EqualTo(2 * (2.0 / 3)).Within(1e-12));
    }

    [Test]
    public void RowsOfWhichEveryPixelCounts_MayLeaveItEmpty() =>
        Assert.That(Segmentation.Evaluate(View([1, 0, 1, 0], [1, 0, 1, 0], [])).CountedShare, Is.EqualTo(1));

    [Test]
    public void RowOfWhichNothingCounts_IsRefused() => Assert.That(
        () => Segmentation.Evaluate(View([1, 0, 1, 0], [1, 0, 0, 1], [1, 1, 1, 1])),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Annotations', row 0: every pixel is ignored by one mask or another, so that no figure has any; leave the row out."));

    [Test]
    public void ValidationRowOfWhichNothingCounts_IsRefusedBeforeTraining() => Assert.That(
        () => TinyData.Estimator().Fit(TinyData.View(), _context.Data.LoadFromEnumerable(TinyData.Rows(1).Select(row => new OpenRow
        {
            Image = row.Image, Annotations = row.Annotations, Ignored = [.. row.Annotations.Select(_ => (byte)1)],
        }))),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Annotations', row 0: every pixel is ignored by one mask or another, so that no figure has any; "
            + "leave the row out of the validation data."));

    [Test]
    public void AnotherLengthThanThatOfTheMasks_IsRefused() => Assert.That(
        () => Segmentation.Evaluate(View([1, 0, 1, 0], [1, 0, 0, 1], [1])),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Ignored', row 0: there are 1 values, but 4 of masks in column 'Annotations'; give one for each, or none where every pixel counts."));

    [Test]
    public void ColumnThatIsNamedAndMissing_IsRefused() => Assert.That(
        () => TinyData.Estimator(columns: new SegmentationColumns { Ignored = "Open" }).Fit(TinyData.View()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Could not find ignored pixels column 'Open'; name the column of pixels that do not count with SegmentationColumns.Ignored."));

    [Test]
    public void ColumnOfAnotherType_IsRefused() => Assert.That(
        () => TinyData.Estimator(columns: new SegmentationColumns { Ignored = "Image" }).Fit(TinyData.View()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Schema mismatch for ignored pixels column 'Image': expected Vector<Byte> of A·H·W values, got "));

    [Test]
    public void Training_LeavesThemOut()
    {
        // What the masks hold there does not matter once it is ignored; without the column it does.
        string Hash(SegmentationColumns columns, byte inside)
        {
            using var model = TinyData.Estimator(columns: columns).Fit(Training(inside));
            return AnotherProcess.Hash(model.Transform(TinyData.View()));
        }

        var own = new SegmentationColumns();
        Assert.That(Hash(own, 1), Is.EqualTo(Hash(own, 0)));
        var without = own with { Ignored = null };
        Assert.That(Hash(without, 1), Is.Not.EqualTo(Hash(without, 0)));
    }

    [Test]
    public void Folder_HasTheColumnWhereValuesAreIgnored()
    {
        var folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "mask_several_values", "q_v01_255");
        var data = Segmentation.LoadFolder(
            folder, reading: new ReadingOptions { ForegroundValues = ForegroundValues.Of(1).Ignoring(255) });

        var ignored = data.GetColumn<byte[]>("Ignored").First();

        Assert.That(ignored.Average(value => (double)value), Is.EqualTo(0.055).Within(0.001), "as the file has it");
        Assert.That(Segmentation.Inspect(data).IgnoredShare, Is.InRange(0.03, 0.06));
        Assert.That(Segmentation.Inspect(data, new SegmentationColumns()).IgnoredShare, Is.InRange(0.03, 0.06));
    }

    private IDataView Training(byte inside) => _context.Data.LoadFromEnumerable(TinyData.Rows().Select(row =>
    {
        byte[] ignored = [.. row.Annotations.Select((_, i) => (byte)(i % 16 < 8 ? 1 : 0))];
        return new OpenRow { Image = row.Image, Annotations = [.. row.Annotations.Select((value, i) => ignored[i] == 0 ? value : inside)], Ignored = ignored };
    }));

    private IDataView View(byte[] sample, byte[] expert, byte[] ignored) => _context.Data.LoadFromEnumerable(
        [new ScoredOpenRow { Masks = sample, Probability = [.. sample.Select(value => (float)value)], Annotations = expert, Ignored = ignored }]);

    private sealed class OpenRow
    {
        [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
        public float[] Image { get; set; } = [];

        public byte[] Annotations { get; set; } = [];

        public byte[] Ignored { get; set; } = [];
    }

    private sealed class ScoredOpenRow
    {
        [VectorType(1, 1, 4)]
        public byte[] Masks { get; set; } = [];

        [VectorType(1, 4)]
        public float[] Probability { get; set; } = [];

        public byte[] Annotations { get; set; } = [];

        public byte[] Ignored { get; set; } = [];
    }
}
