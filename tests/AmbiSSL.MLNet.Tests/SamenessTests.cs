using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

/// <summary>What a row gets depends on the model and on the row's image alone.</summary>
public sealed class SamenessTests
{
    private const int Rows = 7;

    private static byte[][] Expected => TinyData.Masks(TinyData.Shared.Transform(TinyData.View(Rows)));

    [Test]
    public void BatchSize_DoesNotMatter([Values(1, 3, 7, 100)] int batchSize)
    {
        var scored = TinyData.Shared.WithBatchSize(batchSize).Transform(TinyData.View(Rows));

        Assert.That(TinyData.Masks(scored), Is.EqualTo(Expected));
        Assert.That(
            TinyData.Probability(scored).SelectMany(p => p),
            Is.EqualTo(TinyData.Probability(TinyData.Shared.Transform(TinyData.View(Rows))).SelectMany(p => p)));
    }

    [Test]
    public void ImagesPerForward_ChangeRoundingAlone()
    {
        var data = TinyData.View(Rows);
        var together = TinyData.Shared.WithImagesPerForward(3).WithBatchSize(Rows).WithSamples(TinyData.Shared.Samples);

        Assert.That(together.ImagesPerForward, Is.EqualTo(3));
        Assert.That(
            TinyData.Probability(together.Transform(data)).SelectMany(p => p),
            Is.EqualTo(TinyData.Probability(TinyData.Shared.Transform(data)).SelectMany(p => p)).Within(1e-5));
    }

    [Test]
    public void ImagesPerForward_AreComputedTogether()
    {
        float[] images = [.. TinyData.Rows(4).SelectMany(row => row.Image)];
        var model = TinyData.Shared.Model;
        var masks = new byte[4 * TinyData.Shared.Samples * TinyData.Pixels];
        var expected = new float[4 * TinyData.Pixels];
        model.SampleMasks(images, TinyData.Shared.Samples, masks, expected, imagesPerForward: 4);

        var scored = TinyData.Shared.WithBatchSize(4).WithImagesPerForward(4).Transform(TinyData.View(4));

        Assert.That(TinyData.Probability(scored).SelectMany(p => p), Is.EqualTo(expected));
        Assert.That(TinyData.Masks(scored).SelectMany(m => m), Is.EqualTo(masks));
    }

    [Test]
    public void NoImagesPerForward_AreRefused() => Assert.That(
        () => TinyData.Shared.WithImagesPerForward(0),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("imagesPerForward"));

    [Test]
    public void Order_DoesNotMatter()
    {
        var reversed = TinyData.Shared.Transform(TinyData.View(TinyData.Rows(Rows).Reverse()));

        Assert.That(TinyData.Masks(reversed).Reverse(), Is.EqualTo(Expected));
    }

    [Test]
    public void Shuffling_DoesNotMatter()
    {
        var shuffled = TinyData.Context(seed: 3).Data.ShuffleRows(TinyData.View(Rows), seed: 3);
        var scored = TinyData.Shared.Transform(shuffled);
        var byId = scored.GetColumn<string>("Id").Zip(TinyData.Masks(scored)).OrderBy(row => row.First).Select(row => row.Second);

        Assert.That(byId, Is.EqualTo(Expected));
    }

    [Test]
    public void ASecondCursor_GivesTheSame()
    {
        var scored = TinyData.Shared.Transform(TinyData.View(Rows));

        var first = TinyData.Masks(scored);

        Assert.That(TinyData.Masks(scored), Is.EqualTo(first));
    }

    [Test]
    public void ConcurrentCursors_GiveTheSame()
    {
        var scored = TinyData.Shared.Transform(TinyData.View(Rows));
        var results = new byte[6][][];
        Parallel.For(0, results.Length, i => results[i] = TinyData.Masks(scored));

        Assert.That(results, Is.All.EqualTo(Expected));
    }

    [Test]
    public void AnotherThread_GivesTheSame()
    {
        byte[][] masks = [];
        var thread = new Thread(() => masks = TinyData.Masks(TinyData.Shared.Transform(TinyData.View(Rows))));
        thread.Start();
        thread.Join();

        Assert.That(masks, Is.EqualTo(Expected));
    }

    [Test]
    public void PredictionEngine_GivesTheSame()
    {
        using var engine = TinyData.Context().Model.CreatePredictionEngine<UnlabeledRow, Prediction>(
            TinyData.Shared, new PredictionEngineOptions { OwnsTransformer = false });
        var predictions = TinyData.Rows(Rows).Select(row => engine.Predict(new UnlabeledRow { Image = row.Image })).ToArray();

        Assert.That(predictions.Select(prediction => prediction.Masks), Is.EqualTo(Expected));
        Assert.That(
            predictions.Select(prediction => prediction.Probability),
            Is.EqualTo(TinyData.Probability(TinyData.Shared.WithBatchSize(Rows).Transform(TinyData.View(Rows)))));
        Assert.That(predictions.Select(prediction => prediction.Uncertainty.Length), Is.All.EqualTo(TinyData.Pixels));
    }

    [Test]
    public void PredictionEngineForPictures_GivesTheSame()
    {
        using var engine = TinyData.Context().Model.CreatePredictionEngine<PictureRow, Prediction>(
            TinyData.Shared, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.That(TinyData.PictureRows(Rows).Select(row => engine.Predict(row).Masks), Is.EqualTo(Expected));
    }

    [Test]
    public void PredictionEngine_NamesTheColumnOfAMissingPicture()
    {
        using var engine = TinyData.Context().Model.CreatePredictionEngine<PictureRow, Prediction>(
            TinyData.Shared, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.That(
            () => engine.Predict(new PictureRow()),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image', row 0: there is no image; leave out the rows that have none."));
        Assert.That(engine.Predict(TinyData.PictureRows(1).Single()).Masks, Is.EqualTo(Expected[0]));
    }

    [Test]
    public void Pictures_GiveTheSameAsVectors() => Assert.That(
        TinyData.Masks(TinyData.Shared.Transform(TinyData.Pictures(TinyData.PictureRows(Rows)))), Is.EqualTo(Expected));

    [Test]
    public void ReadAheadRows_KeepTheirOtherColumns()
    {
        var scored = TinyData.Shared.WithBatchSize(4).Transform(TinyData.View(Rows));
        var rows = TinyData.Context().Data.CreateEnumerable<ScoredRow>(scored, reuseRowObject: false).ToArray();

        Assert.That(rows.Select(row => row.Id), Is.EqualTo(TinyData.Rows(Rows).Select(row => row.Id)));
        Assert.That(rows.Select(row => row.Image), Is.EqualTo(TinyData.Rows(Rows).Select(row => row.Image)));
        Assert.That(rows.Select(row => row.Annotations), Is.EqualTo(TinyData.Rows(Rows).Select(row => row.Annotations)));
        Assert.That(rows.Select(row => row.Masks), Is.EqualTo(Expected));
    }

    [Test]
    public void RowIds_AreTheInputs()
    {
        var data = TinyData.View(Rows);

        Assert.That(Ids(TinyData.Shared.WithBatchSize(4).Transform(data)), Is.EqualTo(Ids(data)));
    }

    [Test]
    public void MoreSamples_ShareTheModel()
    {
        var scored = TinyData.Shared.WithSamples(5).Transform(TinyData.View(Rows));

        Assert.That(scored.Schema["Masks"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 5, 16, 16)));
        Assert.That(TinyData.Masks(scored).Select(masks => masks.Length), Is.All.EqualTo(5 * TinyData.Pixels));
    }

    [Test]
    public void NoSamples_AreRefused() => Assert.That(
        () => TinyData.Shared.WithSamples(0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("samples"));

    [Test]
    public void EmptyBatches_AreRefused() => Assert.That(
        () => TinyData.Shared.WithBatchSize(0),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("batchSize"));

    private static List<DataViewRowId> Ids(IDataView data)
    {
        using var cursor = data.GetRowCursor(data.Schema);
        var getter = cursor.GetIdGetter();
        var ids = new List<DataViewRowId>();
        while (cursor.MoveNext())
        {
            DataViewRowId id = default;
            getter(ref id);
            ids.Add(id);
        }

        return ids;
    }
}
