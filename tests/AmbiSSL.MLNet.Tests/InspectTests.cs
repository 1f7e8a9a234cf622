using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

/// <summary>A look at a data view before training.</summary>
internal sealed class InspectTests
{
    private static readonly SyntheticLesions Lesions = new(new SyntheticLesionOptions { Images = 12, Height = 32, Width = 32, Annotators = 3, Radius = 0.2 });

    private readonly AmbiguousSegmentationCatalog _segmentation = new MLContext(seed: 1).AmbiguousSegmentation();

    [Test]
    public void Rows_of_any_view_are_seen_as_a_loader_gives_them()
    {
        var loaded = _segmentation.Load(Lesions);
        var rows = _segmentation.FilterSubjects(loaded, Lesions.Records.Select(record => record.Subject).ToHashSet());
        var (direct, byRow) = (_segmentation.Inspect(loaded), _segmentation.Inspect(rows));

        Assert.Multiple(() =>
        {
            Assert.That(byRow.Readers, Is.EqualTo(direct.Readers));
            Assert.That(byRow.Readers.Select(reader => reader.Name), Is.EqualTo(new[] { "r1", "r2", "r3" }));
            Assert.That((byRow.Images, byRow.Labeled, byRow.Subjects), Is.EqualTo((12, 12, 3)));
            Assert.That(byRow.Agreement, Is.EqualTo(direct.Agreement));
            Assert.That((byRow.Lowest, byRow.Highest), Is.EqualTo((direct.Lowest, direct.Highest)));
            Assert.That(byRow.Findings, Is.EqualTo(direct.Findings));
            Assert.That(byRow.Suspects.Select(suspect => suspect.Image.Id), Is.EqualTo(direct.Suspects.Select(suspect => suspect.Image.Id)));
        });
    }

    [Test]
    public void Pixels_of_0_to_255_in_a_float_column_are_wrong()
    {
        var context = new MLContext(seed: 1);
        var data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new FloatRow
        {
            Image = [.. Enumerable.Range(0, 256).Select(pixel => (float)((pixel * 7 * (i + 1)) % 256))],
            Annotations = [.. Enumerable.Range(0, 256).Select(pixel => (byte)(pixel / 200))],
        }));
        var report = context.AmbiguousSegmentation().Inspect(data);

        Assert.That(report.IsSound, Is.False);
        Assert.That(report.Findings[0].ToString(), Does.StartWith("Values lie outside 0 to 1: Pixel values go from 0 to 255, "));
        Assert.That(report.Findings[0].Images, Is.EqualTo(new[] { "row 0", "row 1", "row 2", "row 3" }));
    }

    [Test]
    public void Data_without_rows_is_refused() => Assert.That(
        () => _segmentation.Inspect(_segmentation.FilterSubjects(_segmentation.Load(Lesions), new HashSet<string>())),
        Throws.InvalidOperationException.With.Message.StartsWith("The data has no rows"));

    private sealed class FloatRow
    {
        [Microsoft.ML.Data.VectorType(1, 16, 16)]
        public float[] Image { get; set; } = [];

        public byte[] Annotations { get; set; } = [];
    }
}
