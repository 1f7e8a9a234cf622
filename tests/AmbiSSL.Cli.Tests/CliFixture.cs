namespace AmbiSSL.Cli.Tests;

/// <summary>Gives each test a folder of its own, and all of them one data set and one trained model, which none may change.</summary>
internal abstract class CliFixture
{
    protected static readonly string[] TinyModel =
    [
        "--backbone", "unet", "--filters", "4,8", "--prune-from-block", "0", "--epochs", "1", "--batch", "4", "--device", "cpu",
        "--set", "LatentFilters=[4]", "WarmUpEpochs=0",
    ];

    private static readonly string Shared = Directory.CreateTempSubdirectory("ambissl-cli-").FullName;

    private static readonly Lazy<string> SharedData = new(() =>
    {
        var path = Path.Combine(Shared, "data");
        Tool.Succeed("synth", "--out", path, "--images", "16", "--annotators", "3", "--size", "16x24", "--seed", "5");
        return path;
    });

    private static readonly Lazy<string> SharedModel = new(() =>
    {
        var path = Path.Combine(Shared, "model.zip");
        Tool.Succeed(["train", "--data", SharedData.Value, "--labeled", "0.5", "--fold", "1", "--seed", "7", "--out", path, .. TinyModel]);
        return path;
    });

    /// <summary>16 images of 4 subjects, 16x24 pixels, 3 annotators.</summary>
    protected static string Data => SharedData.Value;

    /// <summary>Trained with fold 1 of 4 held out, seed 7.</summary>
    protected static string Model => SharedModel.Value;

    protected string Folder { get; private set; } = "";

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("ambissl-cli-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    internal static void DeleteShared() => Directory.Delete(Shared, recursive: true);
}
