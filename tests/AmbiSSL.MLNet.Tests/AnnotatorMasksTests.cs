using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

/// <summary>The column of each annotator's own mask.</summary>
public sealed class AnnotatorMasksTests
{
    private string _folder = null!;

    private static AmbiguousSegmentationTransformer Model => AnnotatorData.Shared;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(typeof(AnnotatorData), nameof(AnnotatorData.Estimators))]
    public void Column_HasAMaskForEachAnnotator(AmbiguousSegmentationEstimator estimator)
    {
        using var model = estimator.Fit(TinyData.View());
        var scored = model.Transform(TinyData.View());

        Assert.That(model.KnownAnnotators, Is.EqualTo(AnnotatorData.Annotators));
        Assert.That(
            scored.Schema["AnnotatorMasks"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, AnnotatorData.Annotators, 16, 16)));
        Assert.That(AnnotatorData.Masks(scored).SelectMany(masks => masks), Is.All.AnyOf((byte)0, (byte)1));
    }

    [Test]
    public void Method_ThatDoesNotKnowItsAnnotators_HasNoColumn()
    {
        Assert.That(TinyData.Shared.KnownAnnotators, Is.Zero);
        Assert.That(TinyData.Shared.GetOutputSchema(TinyData.View().Schema).GetColumnOrNull("AnnotatorMasks"), Is.Null);
    }

    [Test]
    public void Column_TakesItsName()
    {
        using var model = AnnotatorData.Trainers
            .Pionono(AnnotatorData.Pionono with { Epochs = 1 }, new SegmentationColumns { AnnotatorMasks = "Personal" }).Fit(TinyData.View());

        Assert.That(
            model.GetOutputSchema(TinyData.View().Schema).Select(column => column.Name),
            Is.EqualTo((string[])["Id", "Image", "Annotations", "Masks", "Probability", "Uncertainty", "Consensus", "Personal", "Unlikeness"]));
    }

    [Test]
    public void Name_OfAnotherOutput_IsRefused() => Assert.That(
        () => new SegmentationColumns { AnnotatorMasks = "Masks" }.Validate(),
        Throws.ArgumentException.With.Message.StartsWith(
            "SegmentationColumns.Masks and SegmentationColumns.AnnotatorMasks are both 'Masks'; give each output its own name."));

    [Test]
    public void EmptyName_IsRefused() => Assert.That(
        () => new SegmentationColumns { AnnotatorMasks = "" }.Validate(),
        Throws.ArgumentException.With.Message.StartsWith("SegmentationColumns.AnnotatorMasks is empty; it must name a column."));

    [Test]
    public void Masks_AreThoseOfTheModel()
    {
        var expected = TinyData.Rows().Select(row =>
        {
            var masks = new byte[AnnotatorData.Annotators * TinyData.Pixels];
            Model.Model.AnnotatorMasks(row.Image, masks);
            return masks;
        });
        var actual = AnnotatorData.Masks(Model.Transform(TinyData.View()));

        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(actual.SelectMany(masks => masks), Does.Contain((byte)0).And.Contains((byte)1));
    }

    [Test]
    public void BatchSize_DoesNotMatter([Values(1, 4, 100)] int batchSize) => Assert.That(
        AnnotatorData.Masks(Model.WithBatchSize(batchSize).Transform(TinyData.View())),
        Is.EqualTo(AnnotatorData.Masks(Model.Transform(TinyData.View()))));

    [Test]
    public void ImagesPerForward_AreComputedTogether()
    {
        float[] images = [.. TinyData.Rows(4).SelectMany(row => row.Image)];
        var expected = new byte[4 * Model.KnownAnnotators * TinyData.Pixels];
        Model.Model.AnnotatorMasks(images, expected, imagesPerForward: 4);

        var scored = Model.WithBatchSize(4).WithImagesPerForward(4).Transform(TinyData.View(4));

        Assert.That(AnnotatorData.Masks(scored).SelectMany(masks => masks), Is.EqualTo(expected));
    }

    [Test]
    public void PredictionEngine_GivesTheSame()
    {
        using var engine = TinyData.Context().Model.CreatePredictionEngine<UnlabeledRow, PersonalPrediction>(
            Model, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.That(
            TinyData.Rows().Select(row => engine.Predict(new UnlabeledRow { Image = row.Image }).AnnotatorMasks),
            Is.EqualTo(AnnotatorData.Masks(Model.Transform(TinyData.View()))));
    }

    [Test]
    public void SampledMasks_ComputeNoAnnotators()
    {
        var before = Model.SharedModel.AnnotatorCalls;
        TinyData.Masks(Model.Transform(TinyData.View()));

        Assert.That(Model.SharedModel.AnnotatorCalls, Is.EqualTo(before));
    }

    [Test]
    public void Annotators_ComputeNoSampledMasks_AndABatchInOneCall()
    {
        var (samples, annotators) = (Model.SharedModel.Calls, Model.SharedModel.AnnotatorCalls);
        AnnotatorData.Masks(Model.WithBatchSize(4).Transform(TinyData.View(10)));

        Assert.That(Model.SharedModel.Calls, Is.EqualTo(samples));
        Assert.That(Model.SharedModel.AnnotatorCalls, Is.EqualTo(annotators + 3));
    }

    [Test]
    public void BinaryFile_KeepsSizesAndMasks()
    {
        var scored = Model.Transform(TinyData.View());
        var read = Reread(scored);

        Assert.That(read.Schema["AnnotatorMasks"].Type, Is.EqualTo(scored.Schema["AnnotatorMasks"].Type));
        Assert.That(AnnotatorData.Masks(read), Is.EqualTo(AnnotatorData.Masks(scored)));
    }

    [Test]
    public void Evaluation_ByRank_DoesNotDependOnTheOrderOfTheExpertsMasks()
    {
        var complete = TinyData.Rows(24).Where(row => row.Annotations.Length == 3 * TinyData.Pixels).ToArray();
        using var model = AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono).Fit(TinyData.View(complete));
        var dice = Evaluate(model.Transform(TinyData.View(complete)));
        Assert.That(dice.Values, Is.All.GreaterThan(0.3), "masks that are empty would tell nothing");

        foreach (var row in complete)
        {
            row.Annotations = [.. row.Annotations.Chunk(TinyData.Pixels).Reverse().SelectMany(mask => mask)];
        }

        Assert.That(dice.Keys, Is.EqualTo((string[])["rank 1", "rank 2", "rank 3"]));
        Assert.That(Evaluate(model.Transform(TinyData.View(complete))), Is.EqualTo(dice));
    }

    [Test]
    public void TaskCatalog_MakesEveryEstimatorWithDefaultOptions()
    {
        var trainers = AnnotatorData.Trainers;

        Assert.That(trainers.GlobalConfusionMatrix().Options, Is.TypeOf<GlobalConfusionMatrixOptions>().With.Property("TraceWeight").EqualTo(0.01));
        Assert.That(trainers.PixelConfusionMatrix().Options, Is.TypeOf<PixelConfusionMatrixOptions>().With.Property("TraceWeight").EqualTo(0.1));
        Assert.That(trainers.Pionono().Options, Is.TypeOf<PiononoOptions>().With.Property("LatentDimensions").EqualTo(8));
    }

    private static Dictionary<string, double> Evaluate(IDataView scored) =>
        TinyData.Context().AmbiguousSegmentation().Evaluate(scored).AnnotatorDice.ToDictionary(dice => dice.Key, dice => dice.Value.Mean);

    private IDataView Reread(IDataView data)
    {
        var mlContext = TinyData.Context();
        var path = Path.Combine(_folder, "scored.idv");
        using (var stream = File.Create(path))
        {
            mlContext.Data.SaveAsBinary(data, stream);
        }

        return mlContext.Data.LoadFromBinary(path);
    }

    private sealed class PersonalPrediction
    {
        public byte[] AnnotatorMasks { get; set; } = [];
    }
}
