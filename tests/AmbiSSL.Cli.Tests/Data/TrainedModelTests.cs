using AmbiSSL.Cli.Data;
using Microsoft.ML;

namespace AmbiSSL.Cli.Tests.Data;

internal sealed class TrainedModelTests : CliFixture
{
    [Test]
    public void Several_files_are_called_by_all_of_their_names()
    {
        string[] files = [At("a.1.zip"), At("b.2.zip")];
        Array.ForEach(files, file => File.Copy(Model, file));
        var context = new MLContext();

        using var model = TrainedModel.Ensemble([.. files.Select(file => TrainedModel.Load(context, file))]);

        Assert.That(model.Name, Is.EqualTo("a.1+b.2"));
    }

    [TestCase("calibrate", "--model", "", "--data", "DATA", "--out", "OUT")]
    [TestCase("export", "--model", "", "--out", "OUT")]
    [TestCase("train", "--from", "", "--data", "DATA", "--out", "OUT")]
    public void An_ensemble_is_refused_where_one_model_is_taken(params string[] arguments)
    {
        var ensemble = SaveEnsemble();

        var run = Tool.Run([.. arguments.Select(argument => argument switch { "" => ensemble, "DATA" => Data, "OUT" => At("out"), _ => argument })]);

        Assert.That(run.Error, Does.StartWith($"Model file '{ensemble}' holds an ensemble of 2 models, and this command takes one model;"));
        Assert.That((run.ExitCode, File.Exists(At("out"))), Is.EqualTo((1, false)));
    }

    [Test]
    public void Each_model_of_an_ensemble_is_described()
    {
        var lines = Tool.Succeed("info", "--model", SaveEnsemble()).Split('\n');

        Assert.That(lines[0], Does.Match("^ensemble +2 models"));
        Assert.That(lines.Count(line => line.StartsWith("consensus ", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    private string SaveEnsemble()
    {
        var context = new MLContext();
        var segmentation = context.AmbiguousSegmentation();
        using var ensemble = segmentation.Ensemble(segmentation.LoadModel(Model), segmentation.LoadModel(Model));
        context.Model.Save(ensemble, segmentation.LoadFolder(Data).Schema, At("ensemble.zip"));
        return At("ensemble.zip");
    }
}
