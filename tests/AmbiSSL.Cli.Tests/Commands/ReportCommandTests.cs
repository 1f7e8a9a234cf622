using System.Globalization;
using AmbiSSL.Cli.Data;
using Microsoft.ML;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class ReportCommandTests : CliFixture
{
    [Test]
    public void The_page_has_the_figures_that_evaluate_gives()
    {
        var text = Tool.Succeed("report", "--model", Model, "--data", Data, "--samples", "2", "--out", At("new", "report.html"));

        var context = new MLContext();
        using var model = TrainedModel.Load(context, Model, samples: 2);
        var segmentation = context.AmbiguousSegmentation();
        var metrics = segmentation.Evaluate(model.Segmentation.Transform(segmentation.Load(ImageSources.Open(Data))));
        Assert.That(text, Does.EndWith($"16 images written to {At("new", "report.html")}; open it in a browser.{Environment.NewLine}"));
        Assert.That(File.ReadAllText(At("new", "report.html")), Does.Contain("\"curves\":[{\"model\":0,\"name\":\"loss\",\"epochs\":[1],"));
        Assert.That(File.ReadAllText(At("new", "report.html")), Does.Contain($"\"means\":[{metrics.Ged.ToString("R", CultureInfo.InvariantCulture)},"));
    }

    [Test]
    public void Two_models_stand_side_by_side()
    {
        Tool.Succeed("report", "--model", Model, "--against", Model, "--data", Data, "--samples", "2", "--out", At("report.html"));

        Assert.That(File.ReadAllText(At("report.html")), Does.Contain("\"difference\":{\"means\":[0,0,"));
    }
}
