using System.Globalization;
using AmbiSSL;
using AmbiSSLConsole;
using Microsoft.ML;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();

var epochs = 20;
if (args.Length is 0 or > 2 || !Directory.Exists(args[0]) || (args.Length == 2 && (!int.TryParse(args[1], out epochs) || epochs < 1)))
{
    Console.Error.WriteLine("Give a folder that holds images/, masks/ and index.csv, and a number of epochs: dotnet run -c Release -- scans 20");
    return 2;
}

var ml = new MLContext(seed: 1);
var segmentation = ml.AmbiguousSegmentation();
var data = segmentation.LoadFolder(args[0]);
var split = segmentation.TrainTestSplit(data, testFraction: 0.25);      // a patient is never on both sides

var options = new AmbiSSLOptions
{
    // Light enough for CPUs; without these three, the networks have the paper's size.
    Backbone = new UNetBackbone { Filters = [16, 32, 64, 128] },
    LatentFilters = [16, 32, 64, 64],
    LatentConvolutionsPerBlock = 2,
    Epochs = epochs,
    WarmUpEpochs = epochs / 4,
};
using var model = ml.Transforms.AmbiSSL(options, run: new RunOptions { Progress = new ConsoleProgress() }).Fit(split.TrainSet);

var scored = model.Transform(split.TestSet);
Console.WriteLine(segmentation.Evaluate(scored));
ml.Model.Save(model, data.Schema, "model.zip");

segmentation.DrawSheet(scored).Save("samples.png");
Console.WriteLine("model.zip is the model, samples.png what it draws: image, experts, six samples, probability, uncertainty.");
return 0;
