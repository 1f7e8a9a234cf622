using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class MeasureTests
{
    private static readonly ImageSize Size = new(TinyData.Side, TinyData.Side);

    private static AmbiguousSegmentationCatalog Catalog => TinyData.Context().AmbiguousSegmentation();

    [Test]
    public void Sizes_AreTheMedianAndTheIntervalOverTheSamples()
    {
        var measured = Catalog.Measure(TinyData.Shared.Transform(Spaced()));

        var masks = measured.GetColumn<byte[]>("Masks").ToArray();
        double[] Expected(int row, Func<MaskSizes, double> quantity, PixelSpacing? spacing)
        {
            var interval = SampleInterval.Of(masks[row].Chunk(TinyData.Pixels).Select(mask => quantity(MaskSizes.Of(mask, Size, spacing))));
            return [interval.Median, interval.Low, interval.High];
        }

        var known = new PixelSpacing(0.5, 2);
        Assert.Multiple(() =>
        {
            Assert.That(measured.GetColumn<double[]>("AreaPixels").First(), Is.EqualTo(Expected(0, mask => mask.Area, null)));
            Assert.That(measured.GetColumn<double[]>("DiameterPixels").Last(), Is.EqualTo(Expected(1, mask => mask.LongestDiameter, null)));
            Assert.That(measured.GetColumn<double[]>("AreaMm2").First(), Is.EqualTo(Expected(0, mask => mask.Area, known)));
            Assert.That(measured.GetColumn<double[]>("DiameterMm").First(), Is.EqualTo(Expected(0, mask => mask.LongestDiameter, known)));
            Assert.That(measured.GetColumn<double[]>("AreaMm2").Last(), Is.All.NaN, "nobody knows its spacing");
        });
        VBuffer<ReadOnlyMemory<char>> names = default;
        measured.Schema["AreaMm2"].GetSlotNames(ref names);
        Assert.That(names.DenseValues().Select(name => name.ToString()), Is.EqualTo((string[])["Median", "Low", "High"]));
    }

    [Test]
    public void Doubt_IsThatOfTheMaps()
    {
        var measured = Catalog.Measure(TinyData.Shared.Transform(TinyData.View()));

        var scores = measured.GetColumn<float[]>("Uncertainty").Zip(measured.GetColumn<float[]>("Probability"), (map, probability) => UncertaintyScores.Of(map, probability, Size)).ToArray();
        Assert.That(measured.GetColumn<double>("UncertaintyMean"), Is.EqualTo(scores.Select(score => score.Mean)));
        Assert.That(measured.GetColumn<double>("UncertaintyPatchMaximum"), Is.EqualTo(scores.Select(score => score.PatchMaximum)));
        Assert.That(measured.GetColumn<double>("UncertaintyPerForegroundPixel"), Is.EqualTo(scores.Select(score => score.PerForegroundPixel)));
    }

    [Test]
    public void Unlikeness_IsTheModels()
    {
        var rows = TinyData.Rows(24).ToArray();
        using var model = TinyData.Estimator().Fit(TinyData.View(rows));

        var unlikeness = Catalog.Measure(model.Transform(TinyData.View(rows)), model).GetColumn<double>("Unlikeness").ToArray();

        Assert.That(unlikeness, Is.EqualTo(rows.Select(row => model.Model.Unlikeness(row.Image))));
        Assert.That(unlikeness, Is.All.Positive);
    }

    [Test]
    public void WithoutSpacingsAndModel_ThereAreNoMillimetersAndNoUnlikeness()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());

        Assert.That(
            Catalog.Measure(scored).Schema.Skip(scored.Schema.Count).Select(column => column.Name),
            Is.EqualTo((string[])["AreaPixels", "DiameterPixels", "UncertaintyMean", "UncertaintyPatchMaximum", "UncertaintyPerForegroundPixel"]));
    }

    [Test]
    public void AnEnsemble_IsMeasuredByAllItsSamples()
    {
        using var ensemble = Catalog.Ensemble(Enumerable.Range(1, 2).Select(seed => TinyData.Estimator(TinyData.Options with { Seed = seed }).Fit(TinyData.View())));

        var measured = Catalog.Measure(ensemble.Transform(TinyData.View()));

        var masks = measured.GetColumn<byte[]>("Masks").First();
        Assert.That(masks, Has.Length.EqualTo(2 * TinyData.Samples * TinyData.Pixels));
        Assert.That(
            measured.GetColumn<double[]>("AreaPixels").First()[0],
            Is.EqualTo(SampleInterval.Of(masks.Chunk(TinyData.Pixels).Select(mask => (double)mask.Count(value => value > 0))).Median));
    }

    [Test]
    public void SpacingsOfAnotherType_AreRefused() => Assert.That(
        () => Catalog.Measure(TinyData.Shared.Transform(TinyData.View()), columns: new SegmentationColumns { Spacing = "Id" }),
        Throws.InstanceOf<ArgumentException>().With.Message.Contains("name another column with SegmentationColumns.Spacing"));

    private static IDataView Spaced() => TinyData.Context().Data.LoadFromEnumerable(
        TinyData.Rows(2).Select((row, i) => new SpacedRow { Image = row.Image, Spacing = i == 0 ? [0.5, 2] : [double.NaN, double.NaN] }));

    private sealed class SpacedRow
    {
        [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
        public float[] Image { get; set; } = [];

        [VectorType(2)]
        public double[] Spacing { get; set; } = [];
    }
}
