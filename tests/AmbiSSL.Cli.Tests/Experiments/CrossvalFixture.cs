namespace AmbiSSL.Cli.Tests.Experiments;

/// <summary>A folder for each test, a tiny data set in it, and the tool's crossval on it.</summary>
public abstract class CrossvalFixture
{
    protected string Folder { get; private set; } = "";

    protected string Data => Path.Combine(Folder, "data");

    protected string Results => Path.Combine(Folder, "results");

    [SetUp]
    public void MakeFolder()
    {
        Folder = Directory.CreateTempSubdirectory("ambissl-crossval-").FullName;
        ImageFolder.Save(new SyntheticLesions(new SyntheticLesionOptions { Images = 12, Height = 16, Width = 16, ImagesPerSubject = 2 }), Data);
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    /// <summary>Arguments of a training of a second or less on two folds.</summary>
    protected string[] Crossval(string results, params string[] more) =>
    [
        "crossval", "--data", Data, "--out", results, "--folds", "2", "--labeled", "0.5", "--device", "cpu", "--filters", "4,8", "--batch", "4",
        "--samples", "2", "--set", "PruneFromBlock=0", "--set", "LatentFilters=[4]", "--set", "WarmUpEpochs=0", .. more,
    ];

    /// <summary>Runs the tool in this process; it must succeed.</summary>
    protected static string Run(params string[] arguments)
    {
        var (code, output, error) = Try(arguments);
        Assert.That(code, Is.Zero, error);
        return output;
    }

    /// <summary>Runs the tool in this process.</summary>
    protected static (int Code, string Output, string Error) Try(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    protected string[] ResultFiles() => [.. Directory.GetFiles(Results).Order(StringComparer.Ordinal)];
}
