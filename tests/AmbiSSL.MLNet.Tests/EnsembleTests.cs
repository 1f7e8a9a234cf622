using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class EnsembleTests
{
    private readonly MLContext _context = new(seed: 1);

    private AmbiguousSegmentationEnsemble _ensemble = null!;

    private AmbiguousSegmentationCatalog Segmentation => _context.AmbiguousSegmentation();

    [OneTimeSetUp]
    public void Train() =>
        _ensemble = Segmentation.Ensemble(
            Enumerable.Range(1, 3).Select(seed => TinyData.Estimator(TinyData.Options with { Seed = seed }).Fit(TinyData.View())));

    [OneTimeTearDown]
    public void Dispose() => _ensemble.Dispose();

    [Test]
    public void Samples_AreThoseOfEachModelInTurn()
    {
        var pooled = Column<byte>(_ensemble, "Masks");

        var own = _ensemble.Models.Select(model => Column<byte>(model, "Masks")).ToArray();
        var (samples, pixels) = (TinyData.Samples, _ensemble.Models[0].Shape.PixelCount);
        var expected = Enumerable.Range(0, pooled.Length).Select(row => (byte[])
        [
            .. from sample in Enumerable.Range(0, samples)
               from model in own
               from pixel in model[row].Skip(sample * pixels).Take(pixels)
               select pixel,
        ]).ToArray();
        Assert.That(_ensemble.Samples, Is.EqualTo(3 * samples));
        Assert.That(pooled, Is.EqualTo(expected));
    }

    [Test]
    public void Uncertainty_IsThatWithinModelsAndThatBetweenThem()
    {
        var own = _ensemble.Models.Select(model => Column<float>(model, "Probability")).ToArray();
        var (mean, whole) = (Column<float>(_ensemble, "Probability"), Column<float>(_ensemble, "Uncertainty"));
        var (experts, models) = (Column<float>(_ensemble, "ExpertUncertainty"), Column<float>(_ensemble, "ModelUncertainty"));

        Assert.Multiple(() =>
        {
            for (var row = 0; row < mean.Length; row++)
            {
                for (var pixel = 0; pixel < mean[row].Length; pixel++)
                {
                    double[] probabilities = [.. own.Select(model => (double)model[row][pixel])];
                    Assert.That(mean[row][pixel], Is.EqualTo(probabilities.Average()).Within(1e-6));
                    Assert.That(whole[row][pixel], Is.EqualTo(Entropy(probabilities.Average())).Within(1e-5));
                    Assert.That(experts[row][pixel], Is.EqualTo(probabilities.Average(Entropy)).Within(1e-5));
                    Assert.That(models[row][pixel], Is.EqualTo(Entropy(probabilities.Average()) - probabilities.Average(Entropy)).Within(1e-5));
                }
            }
        });
        Assert.That(models.SelectMany(map => map).Max(), Is.GreaterThan(0), "models of three seeds differ");
    }

    [Test]
    public void Consensus_IsWhereTheProbabilityIsAboveTheMeanThreshold()
    {
        double[] thresholds = [0.2, 0.5, 0.8];
        var pool = Segmentation.Ensemble(_ensemble.Models.Zip(thresholds, (model, threshold) => model.WithConsensusThreshold(threshold)));

        var expected = Column<float>(pool, "Probability").Select(map => map.Select(probability => probability > 0.5 ? (byte)1 : (byte)0).ToArray());
        Assert.That(Column<byte>(pool, "Consensus"), Is.EqualTo(expected));
    }

    [Test]
    public void ModelFile_IsReadAsThatOfASingleModel()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "ensemble.zip");
        _context.Model.Save(_ensemble, TinyData.View().Schema, path);

        var context = new MLContext();
        var loaded = (AmbiguousSegmentationEnsemble)context.Model.Load(path, out _);
        using var other = (AmbiguousSegmentationEnsemble)context.AmbiguousSegmentation().LoadModel(path, ComputeDevice.Cpu);
        loaded.Dispose();

        Assert.That(Column<byte>(other, "Masks"), Is.EqualTo(Column<byte>(_ensemble, "Masks")));
        Assert.That(Column<float>(other, "ModelUncertainty"), Is.EqualTo(Column<float>(_ensemble, "ModelUncertainty")));
        File.Delete(path);
    }

    [Test]
    public void PredictionOfOneRow_IsThatOfTheView()
    {
        var view = TinyData.View();
        var mapper = ((ITransformer)_ensemble).GetRowToRowMapper(view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();
        var column = mapper.OutputSchema["ModelUncertainty"];
        using var row = mapper.GetRow(cursor, [column]);
        VBuffer<float> value = default;
        row.GetGetter<VBuffer<float>>(column)(ref value);

        Assert.That(value.DenseValues(), Is.EqualTo(Column<float>(_ensemble, "ModelUncertainty")[0]));
    }

    [Test]
    public void Evaluation_IsOfAllSamples()
    {
        var metrics = Segmentation.Evaluate(_ensemble.WithSamples(2).Transform(TinyData.View()));

        Assert.That((metrics.Samples, metrics.Images), Is.EqualTo((6, 4)));
    }

    [Test]
    public void WhatCannotBePooled_IsRefused()
    {
        var model = _ensemble.Models[0];
        Assert.Multiple(() =>
        {
            Refuses([model], "An ensemble has 1 models; give two or more.");
            Refuses([model, model.WithSamples(7)], $"Model 2 draws this many masks: 7, the first {TinyData.Samples}; give all the same number by WithSamples.");
            Refuses(
                [model, model.WithPostProcessing(new PostProcessing { FillHoles = true })],
                "Model 2 cleans its masks so: holes filled, the first none; give all the same by WithPostProcessing.");
            Refuses([model, new TransformerChain<ITransformer>(model)], "One of the models is TransformerChain`1; give segmentation models");
        });

        void Refuses(ITransformer[] models, string message) =>
            Assert.That(() => Segmentation.Ensemble(models), Throws.ArgumentException.With.Message.StartsWith(message));
    }

    private static double Entropy(double p) => p is <= 0 or >= 1 ? 0 : -(p * Math.Log2(p)) - ((1 - p) * Math.Log2(1 - p));

    private static T[][] Column<T>(ITransformer model, string name) => [.. model.Transform(TinyData.View()).GetColumn<T[]>(name)];
}
