using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class SheetTests
{
    [Test]
    public void Sheet_ShowsTheFirstImageOfEachSubject()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 6, Height = 16, Width = 16, Annotators = 2, ImagesPerSubject = 2 });
        var catalog = TinyData.Context().AmbiguousSegmentation();
        using var model = catalog.Trainers.Create(TinyData.Options).Fit(catalog.Load(lesions));
        var scored = model.Transform(catalog.Load(lesions));

        var byHand = new MaskSheet(2);
        byHand.Add(lesions.Read(0), Value<byte>(scored, "Masks", 0), Value<float>(scored, "Probability", 0), Value<float>(scored, "Uncertainty", 0));
        byHand.Add(lesions.Read(2), Value<byte>(scored, "Masks", 2), Value<float>(scored, "Probability", 2), Value<float>(scored, "Uncertainty", 2));
        Assert.That(catalog.DrawSheet(scored, images: 2, samples: 2).ToHtml(), Is.EqualTo(byHand.ToHtml()));
    }

    private static T[] Value<T>(IDataView scored, string column, int row) => [.. scored.GetColumn<VBuffer<T>>(column).ElementAt(row).DenseValues()];
}
