// A training that is cut off goes on where it was, and ends with the same model. `dotnet run resume.cs`, in a folder of its own.
#:package AmbiSSL.MLNet@*-*
#:package TorchSharp-cpu@0.107.0

using AmbiSSL;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var data = seg.Load(new SyntheticLesions(new SyntheticLesionOptions { Images = 16, Height = 32, Width = 32 }));
var options = new SupervisedOptions { Samples = 4, Epochs = 4, Backbone = new UNetBackbone { Filters = [8, 16] }, LatentFilters = [8] };

// What a crash or Ctrl-C does, the program does here itself, after the second epoch.
using var stop = new CancellationTokenSource();
try
{
    Train(new RunOptions { CheckpointDirectory = "run1", CancellationToken = stop.Token, AfterEpoch = (progress, _) => Stop(progress) });
}
catch (OperationCanceledException)
{
    Console.WriteLine("Cut off after 2 epochs.");
}

var resumed = Train(new RunOptions { CheckpointDirectory = "run1", AfterEpoch = (progress, _) => Console.WriteLine($"epoch {progress.Epoch}") });
var whole = Train(new RunOptions());
Console.WriteLine($"cut off and resumed: {resumed}");
Console.WriteLine($"in one go:           {whole}");
return resumed == whole ? 0 : 1;

void Stop(TrainingProgress progress)
{
    if (progress.Epoch == 2)
    {
        stop.Cancel();
    }
}

string Train(RunOptions run)
{
    using var model = seg.Trainers.Supervised(options, run: run).Fit(data);
    return seg.Evaluate(model.Transform(data)).ToString();
}
