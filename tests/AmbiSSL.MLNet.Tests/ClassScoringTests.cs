using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

/// <summary>What a model of several classes draws, and how it is scored.</summary>
public sealed class ClassScoringTests
{
    private static readonly MaskClasses Exclusive = new(["core", "rim"]);
    private static readonly MaskClasses Overlapping = new(["whole", "core"], overlap: true);

    private static readonly Lazy<AmbiguousSegmentationTransformer> Numbers = new(() => Train(Exclusive));
    private static readonly Lazy<AmbiguousSegmentationTransformer> Planes = new(() => Train(Overlapping));

    [OneTimeTearDown]
    public void DisposeModels()
    {
        Numbers.Value.Dispose();
        Planes.Value.Dispose();
    }

    [Test]
    public void ExclusiveClasses_AreNumbers_WithAProbabilityEach()
    {
        var schema = Numbers.Value.Transform(View(Exclusive)).Schema;

        Assert.Multiple(() =>
        {
            Assert.That(schema["Masks"].Type, Is.EqualTo(Bytes(3, 16, 16)));
            Assert.That(schema["Consensus"].Type, Is.EqualTo(Bytes(16, 16)));
            Assert.That(schema["Probability"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2, 16, 16)));
            Assert.That(schema["Uncertainty"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 16, 16)));
            foreach (var column in (string[])["Masks", "Consensus", "Probability"])
            {
                Assert.That(ClassesAnnotation.Read(schema[column]), Is.EqualTo(Exclusive), column);
            }
        });
    }

    [Test]
    public void OverlappingClasses_ArePlanes()
    {
        var schema = Planes.Value.Transform(View(Overlapping)).Schema;

        Assert.Multiple(() =>
        {
            Assert.That(schema["Masks"].Type, Is.EqualTo(Bytes(3, 2, 16, 16)));
            Assert.That(schema["Consensus"].Type, Is.EqualTo(Bytes(2, 16, 16)));
            Assert.That(ClassesAnnotation.Read(schema["Masks"]), Is.EqualTo(Overlapping));
        });
    }

    [Test]
    public void Consensus_IsTheMostProbableOfBackgroundAndTheClasses()
    {
        var row = Rows(Numbers.Value, Exclusive)[0];

        var expected = Enumerable.Range(0, 256).Select(i =>
        {
            var (core, rim) = (row.Probability[i], row.Probability[256 + i]);
            return (byte)(Math.Max(core, rim) <= 1 - core - rim ? 0 : core >= rim ? 1 : 2);
        });
        Assert.That(row.Consensus, Is.EqualTo(expected));
        Assert.That(row.Masks.Distinct(), Is.EquivalentTo((byte[])[0, 1, 2]), "masks that are empty would tell nothing");
    }

    [Test]
    public void Uncertainty_IsTheEntropyOfBackgroundAndTheClasses()
    {
        var row = Rows(Numbers.Value, Exclusive)[0];

        var expected = Enumerable.Range(0, 256).Select(i =>
        {
            double[] all = [row.Probability[i], row.Probability[256 + i], 1 - row.Probability[i] - row.Probability[256 + i]];
            return (float)all.Where(p => p > 0).Sum(p => -p * Math.Log2(p));
        });
        Assert.That(row.Uncertainty, Is.EqualTo(expected).Within(1e-4f));
    }

    [Test]
    public void Evaluation_HasEachClass_AndTheirMean([Values] bool overlap)
    {
        var classes = overlap ? Overlapping : Exclusive;
        var scored = (overlap ? Planes : Numbers).Value.Transform(View(classes));

        var metrics = TinyData.Context().AmbiguousSegmentation().Evaluate(scored, Columns(classes));

        Assert.Multiple(() =>
        {
            Assert.That(metrics.Classes, Is.EqualTo(classes));
            Assert.That(metrics.Ged, Is.EqualTo(classes.Names.Average(name => metrics.OfClass(name)[Figure.Ged].Mean)).Within(1e-12));
            Assert.That(metrics.OfClass(classes.Names[0])[Figure.Ged].Mean, Is.Not.EqualTo(metrics.OfClass(classes.Names[1])[Figure.Ged].Mean));
            Assert.That(
                metrics.PerImage.GetColumn<double>(AmbiguousSegmentationMetrics.ClassColumn(Figure.Ged, "core")).Average(),
                Is.EqualTo(metrics.OfClass("core")[Figure.Ged].Mean).Within(1e-12));
            Assert.That(metrics.ToString(), Does.Contain("; core "));
        });
    }

    [Test]
    public void Evaluation_ByMasksOfOtherClasses_IsRefused() => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().Evaluate(Numbers.Value.Transform(View(Exclusive)), Columns(new MaskClasses(["cup", "disc"]))),
        Throws.InvalidOperationException.With.Message.Contains("the masks have the classes cup, disc, and the model draws core, rim"));

    [Test]
    public void AModel_RemembersHowFilesToldItsClasses()
    {
        using var model = Train(ClassValues.Parse("core=1,rim=2").Classes);

        Assert.That(model.Model.Classes.Values?.ToString(), Is.EqualTo("core=1,rim=2"));
        Assert.That(
            () => TinyData.Context().AmbiguousSegmentation().Evaluate(model.Transform(View(Exclusive)), Columns(new MaskClasses(["cup", "disc"]))),
            Throws.InvalidOperationException.With.Message.Contains(
                "names those of files, 'core=1,rim=2' in the model's training, SegmentationColumns.Classes those of a column"));
    }

    [Test]
    public void Report_Sheet_AndRanking_HaveClasses()
    {
        var segmentation = TinyData.Context().AmbiguousSegmentation();
        var scored = Numbers.Value.Transform(View(Exclusive));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.html");
        try
        {
            segmentation.SaveReport(path, [("model", scored)], Columns(Exclusive));

            Assert.That(
                File.ReadAllText(path),
                Does.Contain("\"classes\":[{\"name\":\"core\",\"color\":\"#56B4E9\"},{\"name\":\"rim\",\"color\":\"#E69F00\"}]"));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.That(segmentation.DrawSheet(scored, columns: Columns(Exclusive)).ToHtml(), Does.StartWith("<img"));
        Assert.That(segmentation.RankByDisagreement(scored, Columns(Exclusive)), Has.Count.EqualTo(2));
    }

    [Test]
    public void Measurements_AreOfEachClass()
    {
        var model = Numbers.Value;
        var measured = TinyData.Context().AmbiguousSegmentation().Measure(model.Transform(View(Exclusive)));

        var medians = measured.GetColumn<double[]>(MaskMeasurements.OfClass(MaskMeasurements.AreaPixels, "rim")).Select(interval => interval[0]);

        Assert.That(
            medians,
            Is.EqualTo(Rows(model, Exclusive).Select(row => row.Masks.Chunk(256).Select(mask => mask.Count(number => number == 2)).Order().ElementAt(1))));
    }

    [Test]
    public void Calibration_IsNoWorse_AndKept([Values] bool overlap)
    {
        var (context, classes) = (TinyData.Context(), overlap ? Overlapping : Exclusive);
        var (catalog, model, data) = (context.AmbiguousSegmentation(), (overlap ? Planes : Numbers).Value, View(classes));

        var calibrated = catalog.Calibrate(model.WithTemperature(3), data, coverage: 0.5);

        using var stream = new MemoryStream();
        context.Model.Save(calibrated, data.Schema, stream);
        stream.Position = 0;
        using var loaded = (AmbiguousSegmentationTransformer)context.Model.Load(stream, out _);
        var (before, after) = (catalog.Evaluate(model.Transform(data), Columns(classes)), catalog.Evaluate(loaded.Transform(data), Columns(classes)));
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Model.PostProcessing, Is.EqualTo(calibrated.Model.PostProcessing).And.Count.EqualTo(2));
            Assert.That(
                (loaded.Model.Temperature, loaded.Model.ConsensusThreshold, loaded.Model.Outlines),
                Is.EqualTo((calibrated.Model.Temperature, calibrated.Model.ConsensusThreshold, calibrated.Model.Outlines)));
            foreach (var name in classes.Names)
            {
                Assert.That(after.OfClass(name)[Figure.Ged].Mean, Is.LessThanOrEqualTo(before.OfClass(name)[Figure.Ged].Mean), name);
                Assert.That(after.OutlinesOfClass(name)!.Value.Inner, Is.GreaterThanOrEqualTo(0.5), name);
                Assert.That(after.OutlinesOfClass(name)!.Value.Outer, Is.GreaterThanOrEqualTo(0.5), name);
            }

            Assert.That(after[Figure.Brier].Mean, Is.LessThanOrEqualTo(before[Figure.Brier].Mean));
            Assert.That(after.Outlines!.Value.Outer, Is.EqualTo(classes.Names.Average(name => after.OutlinesOfClass(name)!.Value.Outer)).Within(1e-12));
        });
    }

    [Test]
    public void Outlines_ArePlanesOfEachClass()
    {
        var model = Numbers.Value.WithOutlines(new ConformalOutlines(0.9, [0.9, 0.8], [0.1, 0.2]));
        var scored = model.Transform(View(Exclusive));

        var (probability, outer) = (scored.GetColumn<float[]>("Probability").First(), scored.GetColumn<byte[]>("Outer").First());

        Assert.That((scored.Schema["Inner"].Type, ClassesAnnotation.Read(scored.Schema["Outer"])), Is.EqualTo((Bytes(2, 16, 16), Exclusive)));
        Assert.That(outer, Is.EqualTo(probability.Select((p, i) => p >= (i < 256 ? 0.1 : 0.2) ? (byte)1 : (byte)0)));
        Assert.That(
            () => Numbers.Value.WithOutlines(new ConformalOutlines(0.9, 0.9, 0.1)),
            Throws.ArgumentException.With.Message.StartsWith(
                "There are outlines of 1 classes, and the model tells core, rim apart; give thresholds for each of these."));
    }

    [Test]
    public void ARow_HasRoomForTheMasksOfAllClasses()
    {
        // 3 masks of 2 classes: 64 MiB have room for 11,184,810 pixels.
        Assert.That((Numbers.Value.FitsRow(new ImageSize(3344, 3344)), Numbers.Value.FitsRow(new ImageSize(3345, 3345))), Is.EqualTo((true, false)));
    }

    [Test]
    public void PostProcessing_IsDoneToEachClass()
    {
        var row = Rows(Numbers.Value.WithPostProcessing(new PostProcessing { SmallestComponent = 257 }), Exclusive)[0];

        Assert.That((row.Masks.Max(), row.Consensus.Max()), Is.EqualTo(((byte)0, (byte)0)));
    }

    [Test]
    public void AModelThatIsSavedAndLoaded_DrawsTheSameClasses()
    {
        var context = TinyData.Context();
        using var stream = new MemoryStream();
        context.Model.Save(Numbers.Value, View(Exclusive).Schema, stream);
        stream.Position = 0;
        using var loaded = (AmbiguousSegmentationTransformer)context.Model.Load(stream, out _);

        Assert.That(Rows(loaded, Exclusive)[1].Masks, Is.EqualTo(Rows(Numbers.Value, Exclusive)[1].Masks));
    }

    [Test]
    public void AnEnsemble_PoolsClasses()
    {
        using var second = Train(Exclusive, seed: 2);
        var ensemble = TinyData.Context().AmbiguousSegmentation().Ensemble(Numbers.Value, second);

        var (pooled, first, other) = (Rows(ensemble, Exclusive)[0], Rows(Numbers.Value, Exclusive)[0], Rows(second, Exclusive)[0]);

        Assert.That(pooled.Masks[..256], Is.EqualTo(first.Masks[..256]));
        Assert.That(pooled.Masks[256..512], Is.EqualTo(other.Masks[..256]));
        Assert.That(pooled.Probability, Is.EqualTo(first.Probability.Zip(other.Probability, (a, b) => (a + b) / 2)).Within(1e-6f));
        Assert.That(pooled.Uncertainty, Has.Length.EqualTo(256));
    }

    private static SegmentationColumns Columns(MaskClasses classes) => new() { Classes = classes };

    private static VectorDataViewType Bytes(params int[] dimensions) => new(NumberDataViewType.Byte, dimensions);

    private static AmbiguousSegmentationTransformer Train(MaskClasses classes, int seed = 1)
    {
        var options = TinyData.Options with { Epochs = 40, Seed = seed, Training = TinyData.Options.Training with { LearningRate = 0.01 } };
        return TinyData.Estimator(options, Columns(classes)).Fit(View(classes));
    }

    private static ClassRow[] Rows(ITransformer model, MaskClasses classes) =>
        [.. TinyData.Context().Data.CreateEnumerable<ClassRow>(model.Transform(View(classes)), reuseRowObject: false)];

    // A mask is the disc of the image's row and, where classes exclude each other, the rim of it is what lies outside the middle.
    private static IDataView View(MaskClasses classes) => TinyData.View(TinyData.Rows().Select(row =>
    {
        row.Annotations = [.. row.Annotations.Chunk(256).SelectMany(mask => OfClasses(mask, classes.Overlap))];
        return row;
    }));

    private static byte[] OfClasses(byte[] mask, bool overlap)
    {
        byte[] core = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(-2, 5).All(d => Inside(i + d) && Inside(i + (16 * d))) ? (byte)1 : (byte)0)];
        return overlap ? [.. mask, .. core] : [.. mask.Zip(core, (inside, own) => (byte)(inside == 0 ? 0 : 2 - own))];

        bool Inside(int pixel) => pixel is >= 0 and < 256 && mask[pixel] != 0;
    }

    private sealed class ClassRow
    {
        public byte[] Masks { get; set; } = [];

        public float[] Probability { get; set; } = [];

        public float[] Uncertainty { get; set; } = [];

        public byte[] Consensus { get; set; } = [];
    }
}
