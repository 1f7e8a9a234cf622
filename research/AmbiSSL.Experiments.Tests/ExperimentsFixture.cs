using System.Runtime.CompilerServices;
using AmbiSSL.Experiments.Commands;
using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests;

/// <summary>A folder for each test, with a tiny data set in it, and the program in this process.</summary>
public abstract class ExperimentsFixture
{
    /// <summary>Where the repository keeps its results.</summary>
    protected static string PackedResults { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "results");

    protected string Folder { get; private set; } = "";

    protected string Data => At("data");

    protected string Out => At("out");

    [SetUp]
    public void MakeFolder()
    {
        Folder = Directory.CreateTempSubdirectory("ambissl-experiments-").FullName;
        ImageFolder.Save(new SyntheticLesions(new SyntheticLesionOptions { Images = 12, Height = 16, Width = 16, ImagesPerSubject = 2 }), Data);
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Arguments of two folds, each with a training of a second or less.</summary>
    protected string[] Run(string output, int epochs = 1, string runs = """{ "method": "ambissl" }""", bool isLatent = true, string more = "")
    {
        var sweep = At("sweep.json");
        var latent = isLatent ? """ "LatentFilters": [4], "PruneFromBlock": 0, "WarmUpEpochs": 0,""" : "";
        File.WriteAllText(sweep, $$"""
            {
              "base": {
                "Backbone": { "kind": "unet", "Filters": [4, 8] },{{latent}} "BatchSize": 4, "Samples": 2, "Epochs": {{epochs}}
              },
              "runs": [{{runs}}], "labeled": [0.5], "seeds": [7]{{more}}
            }
            """);
        return ["run", "--data", Data, "--folds", "2", "--sweep", sweep, "--out", output, "--device", "cpu"];
    }

    protected static string Succeed(params string[] arguments)
    {
        var (code, output, error) = Try(arguments);
        Assert.That((code, error), Is.EqualTo((0, "")));
        return output;
    }

    protected static (int Code, string Output, string Error) Try(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Cli.CommandLine.Run("experiments", AllCommands.Create(), arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>What a folder of runs holds, in the order of their names.</summary>
    internal static ResultTables[] Results(string output) =>
        [.. Directory.GetDirectories(output).Order(StringComparer.Ordinal).Select(ResultTables.Read)];

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
