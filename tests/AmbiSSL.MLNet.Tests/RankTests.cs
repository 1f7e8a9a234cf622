using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

public sealed class RankTests
{
    private static readonly DrawnRow Agreed = new() { Id = "agreed", Masks = [1, 1, 0, 0, 1, 1, 0, 0] };
    private static readonly DrawnRow Apart = new() { Id = "apart", Masks = [1, 0, 0, 0, 0, 0, 0, 1] };
    private static readonly DrawnRow Overlapping = new() { Id = "overlapping", Masks = [1, 1, 0, 0, 0, 1, 1, 0] };
    private static readonly DrawnRow Outlined = new() { Id = "outlined", Masks = [1, 0, 0, 0, 0, 0, 0, 1], Annotations = [1, 0, 0, 0] };

    [Test]
    public void Rows_AreRankedByTheDistanceOfTheirSamples_ThoseWithAnnotationsAreLeftOut()
    {
        var ranked = Catalog().RankByDisagreement(DrawnRow.View(2, Agreed, Overlapping, Outlined, Apart));

        Assert.That(
            ranked,
            Is.EqualTo((RankedImage[])
            [
                new RankedImage(3, "apart", "apart", 1), new RankedImage(1, "overlapping", "overlapping", 1 - (1.0 / 3)),
                new RankedImage(0, "agreed", "agreed", 0),
            ]));
    }

    [Test]
    public void Rows_NeedNoColumnOfAnnotations()
    {
        var view = TinyData.Context().Transforms.DropColumns("Annotations").Fit(DrawnRow.View(2, Outlined)).Transform(DrawnRow.View(2, Outlined));

        Assert.That(Catalog().RankByDisagreement(view).Select(image => image.Id), Is.EqualTo((string[])["outlined"]));
    }

    [Test]
    public void Rows_ThatAllHaveAnnotations_AreRefused() => Assert.That(
        () => Catalog().RankByDisagreement(DrawnRow.View(2, Outlined)),
        Throws.InvalidOperationException.With.Message.StartsWith("Column 'Annotations' has masks in all 1 rows; there is nothing to rank"));

    [Test]
    public void Rows_WithOneSample_AreRefused() => Assert.That(
        () => Catalog().RankByDisagreement(DrawnRow.View(1, new DrawnRow { Masks = [1, 0, 0, 0] })),
        Throws.ArgumentException.With.Message.StartsWith("Column 'Masks' has 1 mask a row; "));

    private static AmbiguousSegmentationCatalog Catalog() => TinyData.Context().AmbiguousSegmentation();
}
