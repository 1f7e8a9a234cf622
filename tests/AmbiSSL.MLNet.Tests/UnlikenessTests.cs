using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class UnlikenessTests
{
    private readonly VectorRow[] _rows = [.. TinyData.Rows(24)];

    private AmbiguousSegmentationTransformer _model = null!;

    [OneTimeSetUp]
    public void Train() => _model = TinyData.Estimator().Fit(TinyData.View(_rows));

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void Column_IsWhatTheModelTells() => Assert.That(
        Unlikeness(_model), Is.EqualTo(_rows.Select(row => _model.Model.Unlikeness(row.Image))).And.All.Positive);

    [Test]
    public void BesideMasks_ItIsTheSameAndSoAreThey()
    {
        var scored = _model.Transform(TinyData.View(_rows));
        using var cursor = scored.GetRowCursor([scored.Schema["Masks"], scored.Schema["Unlikeness"]]);
        var (readMasks, readUnlikeness) = (cursor.GetGetter<VBuffer<byte>>(scored.Schema["Masks"]), cursor.GetGetter<double>(scored.Schema["Unlikeness"]));
        var (masks, unlikeness) = (new List<byte[]>(), new List<double>());
        VBuffer<byte> ofRow = default;
        var own = 0.0;
        while (cursor.MoveNext())
        {
            readUnlikeness(ref own);
            readMasks(ref ofRow);
            unlikeness.Add(own);
            masks.Add([.. ofRow.DenseValues()]);
        }

        Assert.That(unlikeness, Is.EqualTo(Unlikeness(_model)));
        Assert.That(masks, Is.EqualTo(TinyData.Masks(scored)));
    }

    [Test]
    public void AModelOfFewImages_CannotTell() => Assert.That(Unlikeness(TinyData.Shared), Is.All.NaN);

    [Test]
    public void AnEnsemble_TellsTheMeanOfItsModels()
    {
        using var other = TinyData.Estimator(TinyData.Options with { Seed = 2 }).Fit(TinyData.View(_rows));
        var pool = TinyData.Context().AmbiguousSegmentation().Ensemble([_model, other]);

        Assert.That(Unlikeness(pool), Is.EqualTo(Unlikeness(_model).Zip(Unlikeness(other), (own, others) => (own + others) / 2)));
    }

    private double[] Unlikeness(ITransformer model) => [.. model.Transform(TinyData.View(_rows)).GetColumn<double>("Unlikeness")];
}
