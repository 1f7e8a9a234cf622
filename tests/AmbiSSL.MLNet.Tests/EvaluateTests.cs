using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

public sealed class EvaluateTests
{
    private const int Height = 2;
    private const int Width = 3;

    private readonly AmbiguousSegmentationCatalog _segmentation = new MLContext().AmbiguousSegmentation();

    [Test]
    public void Figures_AreMeansOverLabeledRowsOfTheMetricsOfEachRow()
    {
        Scored[] rows = [new([1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]), new([0, 0, 0, 1, 1, 1], []), new([0, 0, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1])];

        var metrics = _segmentation.Evaluate(View(rows));

        // The first row's distance is 1 - 1/2, so its GED is 2 · 1/2; the third row is perfect.
        Assert.Multiple(() =>
        {
            Assert.That(metrics.Ged, Is.EqualTo(0.5).Within(1e-12));
            Assert.That(metrics.DiceSoft, Is.EqualTo(((2.0 / 3) + 1) / 2).Within(1e-12));
            Assert.That((metrics.Samples, metrics.Images, metrics.UnlabeledRows), Is.EqualTo((1, 2, 1L)));
        });
    }

    [Test]
    public void MasksWithoutForeground_AreWarnedOf()
    {
        var context = new MLContext();
        List<string> warnings = [];
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };

        var metrics = context.AmbiguousSegmentation().Evaluate(View([new([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0])]));

        Assert.That(metrics.Ged, Is.Zero, "two sets that agree");
        Assert.That(warnings, Has.One.StartsWith("Column 'Annotations': none of the 1 masks of 1 annotated images has a pixel of foreground, "));
    }

    [Test]
    public void TableOfImages_NamesRowsAndFigures()
    {
        Scored[] rows = [new([1, 1, 0, 0, 0, 0], []), new([0, 0, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1])];

        var table = _segmentation.Evaluate(View(rows)).PerImage;

        Assert.That(table.GetColumn<long>("Row"), Is.EqualTo((long[])[1]));
        Assert.That(table.GetColumn<double>("Ged"), Is.EqualTo((double[])[0]));
    }

    [Test]
    public void TableOfImages_HasAColumnForEveryFigureOfAnImage()
    {
        Scored[] rows = [new([1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]), new([0, 0, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1])];

        var metrics = _segmentation.Evaluate(View(rows));

        Assert.That(
            metrics.PerImage.Schema.Select(column => column.Name),
            Is.EqualTo((string[])["Row", .. Figure.Usual.Where(figure => figure.IsPerImage).Select(figure => figure.Name), "CountedShare"]));
        Assert.Multiple(() =>
        {
            foreach (var figure in Figure.Usual.Where(figure => figure.IsPerImage))
            {
                Assert.That(ScoreAverage.Of(metrics.PerImage.GetColumn<double>(figure.Name)), Is.EqualTo(metrics[figure]), figure.Name);
            }
        });
    }

    [Test]
    public void FiguresThatAreAskedFor_AreThoseOfTheConsensusColumn()
    {
        var scored = TinyData.Shared.WithConsensusThreshold(0.9).Transform(TinyData.View());
        var options = new FigureOptions { Figures = [Figure.ConsensusDiceMajority, Figure.RiskCoverageArea] };

        var metrics = _segmentation.Evaluate(scored, figures: options);

        Assert.That(metrics.Summary.Figures, Is.EqualTo(options.Figures));
        Assert.That(
            metrics.PerImage.Schema.Select(column => column.Name),
            Is.EqualTo((string[])["Row", "ConsensusDiceMajority", "SampleDiversity", "ConsensusDice", "CountedShare"]));
        Assert.That(metrics[Figure.ConsensusDiceMajority].Mean, Is.EqualTo(MeanDiceWithMajority(scored)).Within(1e-12));
        Assert.That(metrics[Figure.Ged].Count, Is.Zero);
    }

    [Test]
    public void Spacings_MakeMillimetersOfPixels()
    {
        Scored[] rows = [new([1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]), new([1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0])];
        var options = new FigureOptions { Figures = [Figure.ConsensusHausdorffMajority] };

        var metrics = _segmentation.Evaluate(View(rows), figures: options, spacings: [new PixelSpacing(1, 0.5), new PixelSpacing(1, 3)]);

        Assert.That(metrics.PerImage.GetColumn<double>("ConsensusHausdorffMajority"), Is.EqualTo((double[])[1, 6]));
        Assert.That(
            () => _segmentation.Evaluate(View(rows), spacings: [new PixelSpacing(1, 1)]),
            Throws.ArgumentException.With.Message.Contains("There are 1 spacings and more rows; give one for each row of the data."));
    }

    [Test]
    public void TrainedModel_IsScored()
    {
        var metrics = _segmentation.Evaluate(TinyData.Shared.Transform(TinyData.View()));

        Assert.Multiple(() =>
        {
            Assert.That(metrics.Samples, Is.EqualTo(TinyData.Samples));
            Assert.That((metrics.Images, metrics.UnlabeledRows), Is.EqualTo((4, 2L)));
            Assert.That(metrics.Ged, Is.InRange(0.0, 2.0));
        });
    }

    [Test]
    public void EmptyMasks_FollowTheNamedConvention()
    {
        Scored[] rows = [new(new byte[6], new byte[6])];

        Assert.That(_segmentation.Evaluate(View(rows)).Ged, Is.Zero);
        Assert.That(_segmentation.Evaluate(View(rows), figures: new FigureOptions { EmptyMasks = EmptyMaskConvention.IouIsZero }).Ged, Is.Zero, "2 - 1 - 1");
    }

    [Test]
    public void NoLabeledRow_IsRefused() => Assert.That(
        () => _segmentation.Evaluate(View([new(new byte[6], [])])),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Annotations' is empty in all 1 rows; evaluation needs at least one image with masks."));

    [Test]
    public void DataThatWasNotScored_IsRefused() => Assert.That(
        () => _segmentation.Evaluate(TinyData.View()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Could not find masks column 'Masks'; evaluate what the trained transformer's Transform returns."));

    [Test]
    public void MasksOfAnotherSize_AreRefused() => Assert.That(
        () => _segmentation.Evaluate(View([new(new byte[6], new byte[7])])),
        Throws.InvalidOperationException.With.Message.StartsWith("Column 'Annotations', row 0: 7 values are no whole number of masks of 2x3"));

    [Test]
    public void AnnotatorsMasks_AreScoredByReader_OverTheRowsThatHaveTheirMask()
    {
        var (left, right, none) = ((byte[])[1, 1, 0, 0, 0, 0], (byte[])[0, 0, 0, 0, 1, 1], new byte[6]);
        Personal[] rows =
        [
            new([.. left, .. right, .. right], [.. left, .. none, .. right], "anna", "ben", "carl"),
            new([.. left, .. right, .. none], [.. none, .. right, .. left], "carl", "ben", "anna"),
            new([.. left, .. right, .. left], [1, 0, 0, 0, 0, 0], "anna"),
            new([.. left, .. right, .. left], []),
        ];

        var metrics = _segmentation.Evaluate(View(rows, ["anna", "ben", "carl"]));

        // Dice by hand: 1, 1 and 2/3; 0 and 1; 1 and, of two empty masks, 1.
        Assert.Multiple(() =>
        {
            Assert.That(metrics.AnnotatorDice.Keys, Is.EqualTo((string[])["anna", "ben", "carl"]));
            Assert.That(metrics.AnnotatorDice.Values.Select(dice => dice.Mean), Is.EqualTo((double[])[(1 + 1 + (2.0 / 3)) / 3, 0.5, 1]).Within(1e-12));
            Assert.That(metrics.AnnotatorDice.Values.Select(dice => dice.Count), Is.EqualTo((int[])[3, 2, 2]));
            Assert.That(metrics.MeanAnnotatorDice, Is.EqualTo(((8.0 / 9) + 0.5 + 1) / 3).Within(1e-12));
            Assert.That(metrics.ToString(), Does.EndWith(", of annotators 0.7963"));
        });
    }

    [Test]
    public void WithoutAnnotatorsMasks_ThereIsNoDicePerAnnotator()
    {
        var metrics = _segmentation.Evaluate(View([new Scored([1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0])]));

        Assert.That(metrics.AnnotatorDice, Is.Empty);
        Assert.That(metrics.MeanAnnotatorDice, Is.NaN);
    }

    [Test]
    public void AnnotatorsMasksOfAnotherType_AreRefused() => Assert.That(
        () => _segmentation.Evaluate(
            View([new Scored([1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0])]),
            new SegmentationColumns { AnnotatorMasks = "Probability", Probability = "Probability" }),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Schema mismatch for annotator masks column 'Probability': expected Vector<Byte, A, H, W>, got Vector<Single, 2, 3>"));

    [Test]
    public void AnnotatorsMasksOfAnotherSize_AreRefused() => Assert.That(
        () => _segmentation.Evaluate(View([new Personal(new byte[6], new byte[6])], ["anna"], height: 3, width: 2)),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Schema mismatch for annotator masks column 'AnnotatorMasks': expected masks of 2x3 pixels, as the sampled ones are, got 3x2"));

    private static double MeanDiceWithMajority(IDataView scored)
    {
        var dice = scored.GetColumn<byte[]>("Consensus").Zip(scored.GetColumn<byte[]>("Annotations")).Where(row => row.Second.Length > 0).Select(row =>
        {
            var (consensus, masks) = row;
            var readers = masks.Length / consensus.Length;
            var majority = Enumerable.Range(0, consensus.Length)
                .Select(pixel => 2 * Enumerable.Range(0, readers).Count(reader => masks[(reader * consensus.Length) + pixel] != 0) >= readers).ToArray();
            var common = consensus.Where((value, pixel) => value != 0 && majority[pixel]).Count();
            var areas = consensus.Count(value => value != 0) + majority.Count(inside => inside);
            return areas == 0 ? 1 : 2.0 * common / areas;
        });
        return dice.Average();
    }

    private static IDataView View(IEnumerable<Personal> rows, string[] readers, int height = Height, int width = Width)
    {
        var schema = SchemaDefinition.Create(typeof(Personal));
        schema["Masks"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, 1, Height, Width);
        schema["Probability"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Height, Width);
        schema["AnnotatorMasks"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, readers.Length, height, width);
        var slots = readers.Length * height * width;
        schema["AnnotatorMasks"].AddAnnotation(
            "SlotNames",
            new VBuffer<ReadOnlyMemory<char>>(slots, [.. Enumerable.Range(0, slots).Select(slot => readers[slot / (height * width)].AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, slots));
        return new MLContext().Data.LoadFromEnumerable(rows, schema);
    }

    private static IDataView View(IEnumerable<Scored> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Scored));
        schema["Masks"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, 1, Height, Width);
        schema["Probability"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Height, Width);
        return new MLContext().Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Scored(byte[] mask, byte[] annotations)
    {
        public byte[] Masks { get; set; } = mask;

        public float[] Probability { get; set; } = [.. mask.Select(value => (float)value)];

        public byte[] Annotations { get; set; } = annotations;
    }

    private sealed class Personal(byte[] annotatorMasks, byte[] annotations, params string[] readers)
    {
        public byte[] Masks { get; set; } = new byte[Height * Width];

        public float[] Probability { get; set; } = new float[Height * Width];

        public byte[] AnnotatorMasks { get; set; } = annotatorMasks;

        public byte[] Annotations { get; set; } = annotations;

        public string[] Readers { get; set; } = readers;
    }
}
