using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class LazinessTests
{
    private const int Rows = 2000;

    private long _callsBefore;

    private static AmbiguousSegmentationTransformer Model => TinyData.Shared.WithBatchSize(4);

    private long ModelCalls => TinyData.Shared.SharedModel.Calls - _callsBefore;

    [SetUp]
    public void CountFromHere() => _callsBefore = TinyData.Shared.SharedModel.Calls;

    [Test]
    public void Transform_ReadsAndComputesNothing()
    {
        var data = new CountingDataView(TinyData.View());
        Model.Transform(data);

        Assert.That(data.Cursors, Is.Zero);
        Assert.That(ModelCalls, Is.Zero);
    }

    [Test]
    public void NoOutputColumnActive_ComputesNothingAndReadsNoImage()
    {
        var data = new CountingDataView(TinyData.View());
        var ids = Model.Transform(data).GetColumn<string>("Id").ToArray();

        Assert.That(ids, Is.EqualTo(TinyData.Rows().Select(row => row.Id)));
        Assert.That(data.LastColumns, Is.EqualTo((string[])["Id"]));
        Assert.That(ModelCalls, Is.Zero);
    }

    [Test]
    public void OutputColumn_ReadsTheImageAlone()
    {
        var data = new CountingDataView(TinyData.View());
        TinyData.Masks(Model.Transform(data));

        Assert.That(data.LastColumns, Is.EqualTo((string[])["Image"]));
    }

    [Test]
    public void ABatch_IsComputedInOneCall()
    {
        TinyData.Masks(Model.Transform(TinyData.View(10)));

        Assert.That(ModelCalls, Is.EqualTo(3));
    }

    [Test]
    public void ABatch_HasNoMoreMasksThanAnArrayHolds() => Assert.That(TinyData.Shared.WithSamples(100_000).WithBatchSize(100).RowsTogether, Is.EqualTo(83));

    [Test]
    public void AllColumnsOfABatch_AreComputedInOneCall()
    {
        var scored = Model.Transform(TinyData.View(4));
        using var cursor = scored.GetRowCursor(scored.Schema);
        var masks = cursor.GetGetter<VBuffer<byte>>(scored.Schema["Masks"]);
        var probability = cursor.GetGetter<VBuffer<float>>(scored.Schema["Probability"]);
        var uncertainty = cursor.GetGetter<VBuffer<float>>(scored.Schema["Uncertainty"]);
        VBuffer<byte> bytes = default;
        VBuffer<float> floats = default;
        while (cursor.MoveNext())
        {
            masks(ref bytes);
            probability(ref floats);
            uncertainty(ref floats);
        }

        Assert.That(ModelCalls, Is.EqualTo(1));
    }

    [Test]
    public void ABatchOfWhichNoValueIsAskedFor_IsNotComputed()
    {
        var scored = Model.Transform(TinyData.View(12));
        using var cursor = scored.GetRowCursor([scored.Schema["Masks"]]);
        var getter = cursor.GetGetter<VBuffer<byte>>(scored.Schema["Masks"]);
        VBuffer<byte> masks = default;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            if (row == 6)
            {
                getter(ref masks);
            }
        }

        Assert.That(ModelCalls, Is.EqualTo(1));
    }

    [Test]
    public void FirstRow_ReadsOneBatchAhead()
    {
        var data = new CountingDataView(TinyData.View(Rows));
        ReadFirst(Model.Transform(data), "Masks");

        Assert.That(data.Rows, Is.EqualTo(4));
        Assert.That(ModelCalls, Is.EqualTo(1));
    }

    [Test]
    public void FirstRow_ReadsOneBatchAhead_WhenAStockTransformFollows()
    {
        var data = new CountingDataView(TinyData.View(Rows));
        var scored = Copy("Copy", "Probability", Model.Transform(data));
        ReadFirst(scored, "Copy");

        Assert.That(data.Rows, Is.EqualTo(4));
        Assert.That(ModelCalls, Is.EqualTo(1));
    }

    [Test]
    public void FirstRow_ReadsOneBatchAhead_WhenAnotherModelThatIsNotAskedForFollows()
    {
        var data = new CountingDataView(TinyData.View(Rows));
        using var second = TinyData.Estimator(columns: new SegmentationColumns { Masks = "A", Probability = "B", Uncertainty = "C" })
            .Fit(TinyData.View());
        var scored = Copy("Copy", "Probability", second.Transform(Model.Transform(data)));
        ReadFirst(scored, "Copy");

        Assert.That(data.Rows, Is.EqualTo(4));
        Assert.That(second.SharedModel.Calls, Is.Zero);
    }

    [Test]
    public void TakeRows_ReadsOneBatchAhead()
    {
        var data = new CountingDataView(TinyData.View(Rows));
        var masks = TinyData.Masks(TinyData.Context().Data.TakeRows(Model.Transform(data), 3));

        Assert.That(masks, Has.Length.EqualTo(3));
        Assert.That(data.Rows, Is.EqualTo(4));
    }

    [Test]
    public void CursorSet_IsOneCursorWhileSomethingIsComputed()
    {
        var scored = Model.Transform(TinyData.View());
        var cursors = scored.GetRowCursorSet([scored.Schema["Masks"]], 8);

        Assert.That(cursors, Has.Length.EqualTo(1));
        cursors[0].Dispose();
    }

    [Test]
    public void PredictionEngine_ComputesOncePerRow()
    {
        var mlContext = TinyData.Context();
        using var engine = mlContext.Model.CreatePredictionEngine<UnlabeledRow, Prediction>(
            Model, new PredictionEngineOptions { OwnsTransformer = false });
        engine.Predict(new UnlabeledRow { Image = TinyData.Image(0) });
        engine.Predict(new UnlabeledRow { Image = TinyData.Image(1) });

        Assert.That(ModelCalls, Is.EqualTo(2));
    }

    private static IDataView Copy(string output, string input, IDataView data) =>
        TinyData.Context().Transforms.CopyColumns(output, input).Fit(data).Transform(data);

    private static void ReadFirst(IDataView scored, string column)
    {
        using var cursor = scored.GetRowCursor([scored.Schema[column]]);
        Assert.That(cursor.MoveNext(), Is.True);
        if (column == "Masks")
        {
            VBuffer<byte> masks = default;
            cursor.GetGetter<VBuffer<byte>>(scored.Schema[column])(ref masks);
            Assert.That(masks.Length, Is.EqualTo(TinyData.Samples * TinyData.Pixels));
            return;
        }

        VBuffer<float> values = default;
        cursor.GetGetter<VBuffer<float>>(scored.Schema[column])(ref values);
        Assert.That(values.Length, Is.EqualTo(TinyData.Pixels));
    }
}
