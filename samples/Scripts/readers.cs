// Readers who are known by name: each gets a mask of their own, as they would draw it. `dotnet run readers.cs`, in a folder of its own.
#:package AmbiSSL.MLNet@*-*
#:package TorchSharp-cpu@0.107.0

using AmbiSSL;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();

// index.csv of the folder has a column `readers`, which names whoever drew ID_r1.png, ID_r2.png and so on.
ImageFolder.Save(new SyntheticLesions(new SyntheticLesionOptions { Images = 24, Height = 32, Width = 32, Annotators = 3 }), "scans");
var data = seg.LoadFolder("scans");

// Six epochs of a tiny network show the way, not what a model can learn.
var options = new PiononoOptions { Samples = 4, Epochs = 6, Backbone = new UNetBackbone { Filters = [8, 16] } };
using var model = seg.Trainers.Pionono(options).Fit(data);
foreach (var (reader, dice) in seg.Evaluate(model.Transform(data)).AnnotatorDice)
{
    Console.WriteLine($"Dice with {reader}'s own masks: {dice.Mean:F3}, {dice.Count} images");
}
