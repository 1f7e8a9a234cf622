// A file-based application: copy it to a folder of its own and call `dotnet run app.cs`. Where ML.NET makes objects of rows or rows of objects
// (LoadFromEnumerable, CreateEnumerable, PredictionEngine), it takes this line too: #:property PublishAot=false
#:package AmbiSSL.MLNet@*-*
#:package TorchSharp-cpu@0.107.0

using AmbiSSL;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 16, Height = 32, Width = 32 });
var data = seg.Load(lesions);

// One epoch of a tiny network shows the way, not what a model can learn.
var options = new AmbiSSLOptions { Samples = 4, Epochs = 1, Backbone = new UNetBackbone { Filters = [8, 16] }, PruneFromBlock = 0, LatentFilters = [8] };
using var model = ml.Transforms.AmbiSSL(options).Fit(data);
var scored = model.Transform(data);

seg.DrawSheet(scored, images: 1, options.Samples).Save("sheet.png");
Console.WriteLine(seg.Evaluate(scored));
