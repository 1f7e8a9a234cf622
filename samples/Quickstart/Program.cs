using System.CommandLine;
using System.Globalization;
using AmbiSSL;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var data = new Option<DirectoryInfo?>("--data") { Description = "Folder of real scans (images/, masks/, index.csv), or else synthetic lesions" };
var crop = new Option<int>("--crop") { Description = "Side of the center crop of real scans, in pixels", DefaultValueFactory = _ => 64 };
var fold = new Option<int>("--fold") { Description = "Fold of index.csv that is held out for testing", DefaultValueFactory = _ => 1 };
var labeled = new Option<double>("--labeled") { Description = "Share of the training patients whose outlines are used", DefaultValueFactory = _ => 0.1 };
var epochs = new Option<int>("--epochs") { Description = "Passes over the unlabeled images", DefaultValueFactory = _ => 10 };
var seed = new Option<int>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
var output = new Option<DirectoryInfo>("--out")
{
    Description = "Folder for the model and the picture", DefaultValueFactory = _ => new DirectoryInfo("quickstart"),
};

var command = new RootCommand(
    "Trains AmbiSSL and its supervised half alone on images of which few are outlined, compares them on patients held out, "
    + "saves the model, loads it back, and draws what it samples.")
{
    data, crop, fold, labeled, epochs, seed, output,
};
command.SetAction((arguments, cancellation) =>
{
    var quickstart = new Quickstart.Quickstart
    {
        Data = arguments.GetValue(data)?.FullName,
        Crop = new ImageSize(arguments.GetValue(crop), arguments.GetValue(crop)),
        Fold = arguments.GetValue(fold),
        Labeled = arguments.GetValue(labeled),
        Epochs = arguments.GetValue(epochs),
        Seed = arguments.GetValue(seed),
        Output = arguments.GetValue(output)!.FullName,
    };
    quickstart.Run(cancellation);
    return Task.FromResult(0);
});
return command.Parse(args).Invoke();
