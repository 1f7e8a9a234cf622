using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.MLNet.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class PipelineTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void StockTransforms_BeforeAndAfter()
    {
        var mlContext = TinyData.Context();
        var data = mlContext.Data.LoadFromEnumerable(SavePictures());
        using var model = mlContext.Transforms.LoadImages("Loaded", _folder, "Path")
            .Append(mlContext.Transforms.ResizeImages("Image", TinyData.Side, TinyData.Side, "Loaded"))
            .Append(mlContext.Transforms.AmbiSSL(TinyData.Options))
            .Append(mlContext.Transforms.CopyColumns("Doubt", "Uncertainty"))
            .Fit(data);
        var scored = model.Transform(data);

        Assert.That(scored.GetColumn<float[]>("Doubt"), Is.EqualTo(scored.GetColumn<float[]>("Uncertainty")));
        Assert.That(TinyData.Masks(scored), Has.Length.EqualTo(6));
    }

    [Test]
    public void ExtractedPixels_AreReadAsPicturesAre()
    {
        var mlContext = TinyData.Context();
        var data = mlContext.Data.LoadFromEnumerable(SavePictures());
        var images = mlContext.Transforms.LoadImages("Loaded", _folder, "Path")
            .Append(mlContext.Transforms.ResizeImages("Picture", TinyData.Side, TinyData.Side, "Loaded"))
            .Append(mlContext.Transforms.ExtractPixels("Pixels", "Picture", scaleImage: 1 / 255f))
            .Fit(data).Transform(data);

        Assert.That(FirstPixels(images, "Pixels"), Is.EqualTo(FirstPixels(images, "Picture")).Within(1e-6f));
    }

    [Test]
    public void Pictures_AreHandedOnUnharmed()
    {
        var mlContext = TinyData.Context();
        var data = mlContext.Transforms.LoadImages("Image", _folder, "Path").Fit(mlContext.Data.LoadFromEnumerable(SavePictures()))
            .Transform(mlContext.Data.LoadFromEnumerable(SavePictures()));
        var scored = TinyData.Shared.WithBatchSize(4).Transform(data);
        var resized = mlContext.Transforms.ResizeImages("Same", TinyData.Side, TinyData.Side, "Image").Fit(scored).Transform(scored);
        using var cursor = resized.GetRowCursor([resized.Schema["Same"], resized.Schema["Image"], resized.Schema["Masks"]]);
        var getSame = cursor.GetGetter<MLImage>(resized.Schema["Same"]);
        var getImage = cursor.GetGetter<MLImage>(resized.Schema["Image"]);
        MLImage same = null!;
        MLImage image = null!;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            getSame(ref same);
            getSame(ref same);
            getImage(ref image);
            using var expected = TinyData.Picture(TinyData.Image(row));
            Assert.That(same.Pixels.ToArray(), Is.EqualTo(expected.Pixels.ToArray()));
            Assert.That(image.Pixels.ToArray(), Is.EqualTo(expected.Pixels.ToArray()));
        }
    }

    [Test]
    public void Cache_KeepsTheMasks()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        var calls = TinyData.Shared.SharedModel.Calls;
        var cached = TinyData.Context().Data.Cache(scored, "Masks", "Probability");
        var first = TinyData.Masks(cached);
        var callsAfterFirst = TinyData.Shared.SharedModel.Calls;

        Assert.That(TinyData.Masks(cached), Is.EqualTo(first));
        Assert.That(first, Is.EqualTo(TinyData.Masks(scored)));
        Assert.That(callsAfterFirst, Is.GreaterThan(calls));
    }

    [Test]
    public void CacheOfEverything_LeavesOutTheHiddenColumn()
    {
        var cached = TinyData.Context().Data.Cache(TinyData.Shared.Transform(TinyData.View()));

        Assert.That(TinyData.Masks(cached), Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
        Assert.That(cached.Schema["Masks"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 3, 16, 16)));
    }

    [Test]
    public void ShuffledResults_AreTheSameRows()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        var shuffled = TinyData.Context().Data.ShuffleRows(scored, seed: 1);
        var expected = scored.GetColumn<string>("Id").Zip(TinyData.Masks(scored)).ToDictionary(row => row.First, row => row.Second);
        var actual = TinyData.Context().Data.CreateEnumerable<ScoredRow>(shuffled, reuseRowObject: false).ToArray();

        Assert.That(actual, Has.Length.EqualTo(6));
        Assert.That(actual.Select(row => row.Masks), Is.EqualTo(actual.Select(row => expected[row.Id])));
    }

    [Test]
    public void BinaryFile_KeepsTheSizesAndTheMasks()
    {
        var mlContext = TinyData.Context();
        var scored = TinyData.Shared.Transform(TinyData.View());
        var path = Path.Combine(_folder, "scored.idv");
        using (var stream = File.Create(path))
        {
            mlContext.Data.SaveAsBinary(scored, stream);
        }

        var loaded = mlContext.Data.LoadFromBinary(path);
        Assert.That(loaded.Schema["Masks"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 3, 16, 16)));
        Assert.That(loaded.Schema["Uncertainty"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 16, 16)));
        Assert.That(loaded.Schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3, 16, 16)));
        Assert.That(TinyData.Masks(loaded), Is.EqualTo(TinyData.Masks(scored)));
    }

    [Test]
    public void Preview_Works()
    {
        var preview = TinyData.Shared.Transform(TinyData.View()).Preview(maxRows: 2);

        Assert.That(preview.RowView, Has.Length.EqualTo(2));
    }

    [Test]
    public void TwoModels_FollowEachOther()
    {
        using var second = TinyData.Estimator(columns: new SegmentationColumns { Masks = "A", Probability = "B", Uncertainty = "C" })
            .Fit(TinyData.View());
        var scored = second.Transform(TinyData.Shared.Transform(TinyData.View()));

        Assert.That(scored.GetColumn<byte[]>("A"), Is.EqualTo(TinyData.Masks(scored)));
    }

    [Test]
    public void PredictionEngineOfAChain_Predicts()
    {
        var mlContext = TinyData.Context();
        var pipeline = mlContext.Transforms.CopyColumns("Image", "Picture")
            .Append(mlContext.Transforms.AmbiSSL(TinyData.Options))
            .Append(mlContext.Transforms.CopyColumns("Doubt", "Uncertainty"));
        var data = mlContext.Transforms.CopyColumns("Picture", "Image").Fit(TinyData.View()).Transform(TinyData.View());
        using var model = pipeline.Fit(data);
        using var engine = mlContext.Model.CreatePredictionEngine<ScoredRow, Prediction>(
            model,
            new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = PictureSchema() });

        Assert.That(
            engine.Predict(new ScoredRow { Image = TinyData.Image(0) }).Masks,
            Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))[0]));
    }

    [Test]
    public void CrossValidationStyleFilters_Work()
    {
        var mlContext = TinyData.Context(seed: 1);
        var split = mlContext.Data.TrainTestSplit(TinyData.View(12), testFraction: 0.3);
        using var model = mlContext.Transforms.AmbiSSL(TinyData.Options).Fit(split.TrainSet);

        Assert.That(TinyData.Masks(model.Transform(split.TestSet)), Is.Not.Empty);
    }

    private static float[] FirstPixels(IDataView data, string column)
    {
        using var cache = CacheFiller.Fill(
            TinyData.Context(), data, new SegmentationColumns { Image = column }, format => new ImageCache(format), () => { });
        var pixels = new float[cache.Shape.Length];
        cache.ReadPixels(0, pixels);
        return pixels;
    }

    private static SchemaDefinition PictureSchema()
    {
        var schema = SchemaDefinition.Create(typeof(ScoredRow));
        schema["Image"].ColumnType = TinyData.ImageType(3, 16, 16);
        schema["Image"].ColumnName = "Picture";
        return schema;
    }

    private PathRow[] SavePictures() => [.. TinyData.PictureRows().Select(row =>
    {
        var path = Path.Combine(_folder, $"{row.Id}.png");
        using var image = row.Image!;
        image.Save(path);
        return new PathRow { Path = $"{row.Id}.png", Annotations = row.Annotations };
    })];
}
