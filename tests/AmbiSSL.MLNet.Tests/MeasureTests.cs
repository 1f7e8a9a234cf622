using System.IO.Compression;
using System.Text;
using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class MeasureTests
{
    private static readonly ImageSize Size = new(TinyData.Side, TinyData.Side);

    private string _folder = null!;

    private string ModelPath => Path.Combine(_folder, "model.zip");

    private static AmbiguousSegmentationCatalog Catalog => TinyData.Context().AmbiguousSegmentation();

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

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

        var scores = measured.GetColumn<float[]>("Uncertainty")
            .Zip(measured.GetColumn<float[]>("Probability"), (map, probability) => UncertaintyScores.Of(map, probability, Size)).ToArray();
        Assert.That(measured.GetColumn<double>("UncertaintyMean"), Is.EqualTo(scores.Select(score => score.Mean)));
        Assert.That(measured.GetColumn<double>("UncertaintyPatchMaximum"), Is.EqualTo(scores.Select(score => score.PatchMaximum)));
        Assert.That(measured.GetColumn<double>("UncertaintyPerForegroundPixel"), Is.EqualTo(scores.Select(score => score.PerForegroundPixel)));
    }

    [Test]
    public void WithoutSpacings_ThereAreNoMillimeters()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());

        Assert.That(
            Catalog.Measure(scored).Schema.Skip(scored.Schema.Count).Select(column => column.Name),
            Is.EqualTo((string[])["AreaPixels", "DiameterPixels", "UncertaintyMean", "UncertaintyPatchMaximum", "UncertaintyPerForegroundPixel"]));
    }

    [Test]
    public void SavedPipeline_MeasuresTheSameElsewhere()
    {
        var columns = new SegmentationColumns { Masks = "Lesions", Probability = "P", Uncertainty = "U" };
        var data = Spaced();
        using var model = TinyData.Estimator(columns: columns).Fit(TinyData.View());
        var pipeline = model.Append(TinyData.Context().Transforms.MeasureMasks(columns).Fit(model.Transform(data)));
        Save(pipeline, data.Schema);

        using var loaded = (IDisposable)new MLContext().Model.Load(ModelPath, out _);

        var (measured, expected) = (((ITransformer)loaded).Transform(data), pipeline.Transform(data));
        foreach (var name in (string[])["AreaPixels", "DiameterPixels", "AreaMm2", "DiameterMm"])
        {
            Assert.That(measured.GetColumn<double[]>(name), Is.EqualTo(expected.GetColumn<double[]>(name)), name);
        }

        Assert.That(measured.GetColumn<double>("UncertaintyMean"), Is.EqualTo(expected.GetColumn<double>("UncertaintyMean")).And.All.Positive);
    }

    [Test]
    public void SavedPipeline_LoadsInAProgramThatKnowsMlNetAlone()
    {
        var (ml, data) = (TinyData.Context(), TinyData.View());
        using var pipeline = ml.Transforms.AmbiSSL(TinyData.Options).Append(ml.Transforms.MeasureMasks()).Fit(data);
        Save(pipeline, data.Schema);
        var dataPath = Path.Combine(_folder, "data.idv");
        using (var stream = File.Create(dataPath))
        {
            ml.Data.SaveAsBinary(data, stream);
        }

        Assert.That(AnotherProcess.Hashes(dataPath, ModelPath), Is.EqualTo((string[])[AnotherProcess.Hash(pipeline.Transform(data))]));
    }

    [Test]
    public void SavedPipelineWhoseMeasuredColumnsWereChanged_IsRefusedByName()
    {
        var data = TinyData.View();
        Save(TinyData.Shared.Append(TinyData.Context().Transforms.MeasureMasks().Fit(TinyData.Shared.Transform(data))), data.Schema);
        using (var zip = ZipFile.Open(ModelPath, ZipArchiveMode.Update))
        using (var names = zip.Entries.Single(entry => entry.FullName.Contains("Transform_001") && entry.Name == "Model.key").Open())
        {
            var bytes = new byte[names.Length];
            names.ReadExactly(bytes);
            names.Position = bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("Spacing"));
            names.WriteByte((byte)'s');
        }

        Assert.That(
            () => Catalog.LoadModel(ModelPath),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{ModelPath} is damaged, or of another build: its settings do not match their checksum."));
    }

    [Test]
    public void AnEnsemble_IsMeasuredByAllItsSamples()
    {
        using var ensemble = Catalog.Ensemble(
            Enumerable.Range(1, 2).Select(seed => TinyData.Estimator(TinyData.Options with { Seed = seed }).Fit(TinyData.View())));

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

    private void Save(ITransformer pipeline, DataViewSchema schema) => TinyData.Context().Model.Save(pipeline, schema, ModelPath);

    private static IDataView Spaced() => TinyData.Context().Data.LoadFromEnumerable(
        TinyData.Rows(2).Select((row, i) => new SpacedRow { Image = row.Image, Spacing = i == 0 ? [0.5, 2] : [double.NaN, double.NaN] }));
}
