using System.Globalization;
using AmbiSSL.Cli.Data;
using Microsoft.ML;

namespace AmbiSSL.Cli.Tests.Commands;

internal sealed class RankCommandTests : CliFixture
{
    [Test]
    public void The_file_has_the_images_without_masks_as_the_library_ranks_them()
    {
        Unlabeled.Write(Data, At("data"));
        Tool.Succeed("rank", "--model", Model, "--data", At("data"), "--samples", "3", "--out", At("new", "rank.csv"));

        var context = new MLContext();
        using var model = TrainedModel.Load(context, Model, samples: 3);
        var segmentation = context.AmbiguousSegmentation();
        var ranked = segmentation.RankByDisagreement(model.Segmentation.Transform(segmentation.LoadFolder(At("data"))));
        Assert.That(
            File.ReadAllLines(At("new", "rank.csv")),
            Is.EqualTo((string[])
            [
                "image,subject,score", .. ranked.Select(image => $"{image.Id},{image.Subject},{image.Score.ToString("R", CultureInfo.InvariantCulture)}"),
            ]));
        Assert.That(ranked, Has.Count.EqualTo(3));
    }

    [Test]
    public void Data_whose_images_all_have_masks_is_refused() => Assert.That(
        Tool.Run("rank", "--model", Model, "--data", Data, "--out", At("rank.csv")).Error,
        Does.StartWith($"All 16 images of '{Data}' have masks; at least one must have none."));
}
