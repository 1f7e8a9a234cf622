using System.Diagnostics;
using AmbiSSL;
using Microsoft.ML;

namespace Quickstart;

/// <summary>The whole way: data, training, comparison, saving, loading, a picture.</summary>
internal sealed class Quickstart
{
    private const int Rows = 6;
    private const int ShownSamples = 6;

    public string? Data { get; init; }

    public required ImageSize Crop { get; init; }

    public required int Fold { get; init; }

    public required double Labeled { get; init; }

    public required int Epochs { get; init; }

    public required int Seed { get; init; }

    public required string Output { get; init; }

    public void Run(CancellationToken cancellation)
    {
        NativeMemory.KeepFreed();
        var clock = Stopwatch.StartNew();
        var ml = new MLContext(Seed);
        var segmentation = ml.AmbiguousSegmentation();
        var source = OpenData();
        var (trainSet, testSet) = Split(segmentation, source);
        var train = segmentation.KeepAnnotations(trainSet, Labeled);

        var options = new AmbiSSLOptions
        {
            Backbone = new UNetBackbone { Filters = [16, 32, 64, 128] },
            LatentFilters = [16, 32, 64, 64],
            LatentConvolutionsPerBlock = 2,
            Epochs = Epochs,
            WarmUpEpochs = Epochs / 4,
        };
        var supervised = new SupervisedOptions
        {
            Backbone = options.Backbone,
            LatentFilters = options.LatentFilters,
            LatentConvolutionsPerBlock = options.LatentConvolutionsPerBlock,
            Epochs = options.Epochs,
        };
        RunOptions Run() => new() { Progress = new ConsoleProgress(), CancellationToken = cancellation };

        Console.WriteLine("Training the supervised half alone: the unlabeled images are not looked at.");
        using var half = segmentation.Trainers.Supervised(supervised, run: Run()).Fit(train);

        Console.WriteLine("Training AmbiSSL on labeled and unlabeled images.");
        using var model = ml.Transforms.AmbiSSL(options, run: Run()).Fit(train);

        Console.WriteLine();
        Print(
            ("mean training outline", MeanOutline.Evaluate(train, testSet)),
            ("supervised half alone", segmentation.Evaluate(half.Transform(testSet)).Summary),
            ("AmbiSSL", segmentation.Evaluate(model.Transform(testSet)).Summary));
        Console.WriteLine($"{options.Samples} samples an image; the mean outline is the same one for every image.");
        Console.WriteLine("Either of the two may be ahead: no gain from unlabeled images has been measured yet (docs/results.md).");

        Directory.CreateDirectory(Output);
        var modelPath = Path.Combine(Output, "model.zip");
        ml.Model.Save(model, train.Schema, modelPath);
        var loaded = ml.Model.Load(modelPath, out _);
        var picturePath = Path.Combine(Output, "samples.png");
        segmentation.DrawSheet(loaded.Transform(testSet), Rows, ShownSamples).Save(picturePath);
        (loaded as IDisposable)?.Dispose();
        Console.WriteLine($"Model, saved and loaded back: {modelPath}");
        Console.WriteLine($"Picture (image, experts, {ShownSamples} samples, probability, uncertainty): {picturePath}");
        Console.WriteLine($"Done in {clock.Elapsed:mm\\:ss}.");
    }

    private static string Better(Figure figure) => figure.Better switch
    {
        FigureDirection.Smaller => "smaller",
        FigureDirection.Larger => "larger",
        FigureDirection.LikeExperts => "as experts",
        _ => "",
    };

    private static void Print(params (string Name, ScoreSummary Summary)[] models)
    {
        Console.WriteLine($"{"held-out images",-28}{string.Concat(models.Select(model => $"{model.Name,23}"))}  better");
        foreach (var figure in Figure.Usual)
        {
            Console.WriteLine($"{figure.Title,-28}{string.Concat(models.Select(model => $"{model.Summary[figure].Mean,23:F4}"))}  {Better(figure)}");
        }
    }

    private ImageSource OpenData()
    {
        ImageSource source = Data is null
            ? new SyntheticLesions(new SyntheticLesionOptions { Images = 200, Height = 64, Width = 64, Radius = 0.16, Annotators = 4, Seed = Seed })
            : ImageFolder.Open(Data, new Preprocessing { Crop = Crop });
        Console.WriteLine($"{source.Count} {(Data is null ? "synthetic lesions" : $"scans of {Data}")}, {source.Shape}");
        return source;
    }

    /// <summary>By the folds of the data set where it names them, by a fifth of the subjects otherwise.</summary>
    private (IDataView Train, IDataView Test) Split(AmbiguousSegmentationCatalog segmentation, ImageSource source)
    {
        var data = segmentation.Load(source);
        if (source.Records.All(record => record.Fold is null))
        {
            var split = segmentation.TrainTestSplit(data, testFraction: 0.2);
            return (split.TrainSet, split.TestSet);
        }

        var subjects = source.Records.ToLookup(record => record.Fold == Fold, record => record.Subject);
        return (segmentation.FilterSubjects(data, subjects[false].ToHashSet()), segmentation.FilterSubjects(data, subjects[true].ToHashSet()));
    }
}
