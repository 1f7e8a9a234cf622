using System.Text.Json.Nodes;
using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Tests.Reports;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

public sealed class ReportTests
{
    private string _folder = null!;

    private string Path => System.IO.Path.Combine(_folder, "report.html");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Report_HasTheFiguresOfEvaluate()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        Catalog().SaveReport(Path, [("model", scored)]);

        var metrics = Catalog().Evaluate(scored);
        Assert.That((double)Values()["models"]![0]!["means"]![0]!, Is.EqualTo(metrics.Ged));
        Assert.That(
            Values()["images"]!.AsArray().Select(image => (string)image!["id"]!), Is.EqualTo((string[])["row 0", "row 1", "row 3", "row 4"]),
            "the column Id; rows 2 and 5 are unlabeled");
    }

    [Test]
    public void Report_ComparesTwoModels()
    {
        var (first, second) = (TinyData.Shared.Transform(TinyData.View()), TinyData.Shared.WithSamples(5).Transform(TinyData.View()));
        Catalog().SaveReport(Path, [("three", first), ("five", second)]);

        Assert.That(
            (double)Values()["difference"]!["means"]![0]!, Is.EqualTo(Catalog().Evaluate(first).Ged - Catalog().Evaluate(second).Ged).Within(1e-12));
    }

    [Test]
    public void Report_MeasuresInMillimetersAndShowsOutlinesWhereTheseAreGiven()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        var figures = new FigureOptions { Figures = [Figure.ConsensusHausdorffMajority] };
        PixelSpacing[] spacings = [.. Enumerable.Repeat(new PixelSpacing(3, 3), 6)];

        Catalog().SaveReport(Path, [("model", scored)], figures: figures, spacings: spacings, outlines: [new ConformalOutlines(0.9, 0.8, 0.2)]);

        var page = Values();
        var expected = Catalog().Evaluate(scored, figures: figures, spacings: spacings)[Figure.ConsensusHausdorffMajority].Mean;
        Assert.That((double)page["models"]![0]!["means"]!.AsArray().Last()!, Is.EqualTo(expected));
        Assert.That((string)page["figures"]!.AsArray().Last()!["range"]!, Is.EqualTo("0 or more mm"));
        Assert.That((double)page["models"]![0]!["coverage"]!, Is.EqualTo(0.9));
        Assert.That(page["images"]![0]!["models"]![0]!["outlines"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(
            () => Catalog().SaveReport(Path, [("model", scored)], spacings: spacings[..2]),
            Throws.ArgumentException.With.Message.StartsWith("There are 2 spacings and more rows; give one for each row of the data."));
    }

    [Test]
    public void ReportOfDifferentRows_IsRefused()
    {
        var (first, second) = (TinyData.Shared.Transform(TinyData.View(4)), TinyData.Shared.Transform(TinyData.View(6)));

        Assert.That(
            () => Catalog().SaveReport(Path, [("A", first), ("B", second)]),
            Throws.InvalidOperationException.With.Message.StartsWith("The data views differ in row 4"));
        Assert.That(File.Exists(Path), Is.False);
    }

    [Test]
    public void ReportOfPictures_HasTheirPixels()
    {
        var pictures = TinyData.Pictures(TinyData.PictureRows());
        Catalog().SaveReport(Path, [("model", TinyData.Shared.Transform(pictures))]);

        Assert.That((int)Values()["images"]![0]!["width"]!, Is.EqualTo(TinyData.Side));
    }

    private static AmbiguousSegmentationCatalog Catalog() => TinyData.Context().AmbiguousSegmentation();

    private JsonNode Values() => ReportPage.Values(Path);
}
