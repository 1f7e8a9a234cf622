using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

public sealed class DisposalTests
{
    private const string Sentence =
        "The segmentation model was disposed; a PredictionEngine disposes the transformer that it was made from, unless "
        + "PredictionEngineOptions.OwnsTransformer is false.";

    [Test]
    public void Transform_SaysWhoDisposed()
    {
        using var model = TinyData.OwnCopy();
        model.Dispose();

        Assert.That(() => model.Transform(TinyData.View()), Throws.TypeOf<ObjectDisposedException>().With.Message.StartsWith(Sentence));
    }

    [Test]
    public void RowMapper_SaysWhoDisposed()
    {
        using var model = TinyData.OwnCopy();
        model.Dispose();

        Assert.That(
            () => model.GetRowToRowMapper(TinyData.View().Schema),
            Throws.TypeOf<ObjectDisposedException>().With.Message.StartsWith(Sentence));
    }

    [Test]
    public void CursorMadeBefore_SaysWhoDisposed()
    {
        using var model = TinyData.OwnCopy();
        var scored = model.Transform(TinyData.View());
        model.Dispose();

        Assert.That(() => TinyData.Masks(scored), Throws.TypeOf<ObjectDisposedException>().With.Message.StartsWith(Sentence));
    }

    [Test]
    public void ModelDisposedByItself_SaysWhoDisposed()
    {
        using var model = TinyData.OwnCopy();
        var scored = model.Transform(TinyData.View());
        model.Model.Dispose();

        Assert.That(() => TinyData.Masks(scored), Throws.TypeOf<ObjectDisposedException>().With.Message.StartsWith(Sentence));
    }

    [Test]
    public void SaveWeights_SaysWhoDisposed()
    {
        using var model = TinyData.OwnCopy();
        model.Dispose();

        Assert.That(() => model.SaveWeights("never.safetensors"), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void PredictionEngine_DisposesATransformerThatItOwns()
    {
        using var model = TinyData.OwnCopy();
        TinyData.Context().Model.CreatePredictionEngine<UnlabeledRow, Prediction>(model).Dispose();

        Assert.That(() => model.Transform(TinyData.View()), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void PredictionEngine_LeavesATransformerThatItDoesNotOwn()
    {
        using var model = TinyData.OwnCopy();
        TinyData.Context().Model.CreatePredictionEngine<UnlabeledRow, Prediction>(
            model, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();

        Assert.That(TinyData.Masks(model.Transform(TinyData.View())), Has.Length.EqualTo(6));
    }

    [Test]
    public void TransformersThatShareAModel_EndTogether()
    {
        using var model = TinyData.OwnCopy();
        model.WithSamples(2).Dispose();

        Assert.That(() => model.Transform(TinyData.View()), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void SecondDisposal_DoesNothing()
    {
        using var model = TinyData.OwnCopy();
        model.Dispose();

        Assert.That(model.Dispose, Throws.Nothing);
    }

    [Test]
    public void DisposalWhileThreadsCompute_NeverEndsAProcess()
    {
        const int Processes = 20;
        var folder = Directory.CreateTempSubdirectory("ambissl-");
        try
        {
            var (data, model) = (Path.Combine(folder.FullName, "data.idv"), Path.Combine(folder.FullName, "model.zip"));
            using (var stream = File.Create(data))
            {
                TinyData.Context().Data.SaveAsBinary(TinyData.View(), stream);
            }

            TinyData.Context().Model.Save(TinyData.Shared, TinyData.View().Schema, model);

            var ends = Enumerable.Range(0, Processes).AsParallel().WithDegreeOfParallelism(2)
                .Select(seed => string.Join(Environment.NewLine, AnotherProcess.Race(data, model, seed))).ToArray();

            Assert.That(ends, Is.All.EqualTo("raced"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
