// The lesson as a page: dotnet run -c Release samples/lessons/2-own-folder.cs
#:project ../../src/AmbiSSL.MLNet/AmbiSSL.MLNet.csproj
#:project Lessons/Lessons.csproj
#:package OxyPlot.Core
using static Lessons.Lesson;

// %% [markdown]
// # A folder of your own
//
// From a folder of images and masks to a model that you can judge: look at the data, split it, train with validation and early stopping, evaluate on images that
// the training has not seen, and look at the worst cases first.
//
// The folder here is made of synthetic lesions, so that the lesson needs no patient. To use yours, let `folder` name it: it has `images/ID.png`, `masks/ID_r1.png`,
// `masks/ID_r2.png` and so on, and `index.csv` with at least the columns `id,subject,annotators`.

// %%
using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

var folder = Directory.CreateTempSubdirectory("lesson-").FullName;
var lesions = new SyntheticLesions(new SyntheticLesionOptions
{
    Images = 72, Height = 32, Width = 32, Radius = 0.16, ImagesPerSubject = 1, Seed = 2,
});
ImageFolder.Save(lesions, folder);

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var data = seg.LoadFolder(folder);

// %% [markdown]
// ## Check
//
// Masks of the wrong image, leaks between patients, intensities of another scale: what is wrong with the data is wrong with every model after it. `Inspect`
// reads every file and lists what would hurt, the worst first.

// %%
var inspection = seg.Inspect(data);
Show($"{inspection.Images} images of {inspection.Subjects} subjects, {inspection.Labeled} of them outlined");
Show(inspection.Findings.Count == 0 ? "Nothing suspicious." : string.Join("\n", inspection.Findings));

// %% [markdown]
// ## Split
//
// Three parts, and no patient in two of them: to judge at the end, to choose the epoch by, to learn from.

// %%
var test = seg.TrainTestSplit(data, testFraction: 0.25);
var validation = seg.TrainTestSplit(test.TrainSet, testFraction: 0.25);

// %% [markdown]
// ## Train
//
// After each epoch the model is scored on the validation patients. When GED has not fallen for twelve epochs the training ends; the weights of the best epoch are
// kept. `CheckpointDirectory` in `RunOptions` would let a training go on that was cut off.

// %%
var options = new SupervisedOptions
{
    Backbone = new UNetBackbone { Filters = [8, 16, 32] },
    LatentFilters = [8, 16],
    LatentConvolutionsPerBlock = 1,
    BoundSamples = 4,
    Epochs = 60,
    Training = new TrainingOptions { LearningRate = 2e-3, EarlyStoppingPatience = 12 },
};
var epochs = new List<TrainingProgress>();
var run = new RunOptions { AfterEpoch = (progress, _) => epochs.Add(progress) };
var model = seg.Trainers.Supervised(options, run: run).Fit(validation.TrainSet, validation.TestSet);

// %%
string Chart(PlotModel chart)
{
    (chart.Background, chart.DefaultFont) = (OxyColors.White, "Arial");
    chart.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPadding = 30 });
    var svg = new SvgExporter { Width = 680, Height = 300 }.ExportToString(chart);
    var bytes = System.Text.Encoding.UTF8.GetBytes(svg);
    return $"<img alt=\"{chart.Title}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(bytes)}\">";
}

LineSeries Curve(string title, Func<TrainingProgress, double> value) =>
    new() { Title = title, ItemsSource = epochs.Select(epoch => new DataPoint(epoch.Epoch, value(epoch))).ToList() };

var best = epochs.MinBy(epoch => epoch.Validation![Figure.Ged].Mean)!;
var curves = new PlotModel { Title = "GED of the validation patients" };
curves.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "epoch" });
curves.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0 });
curves.Series.Add(Curve("GED", epoch => epoch.Validation![Figure.Ged].Mean));
curves.Series.Add(Curve("1 - Dice soft", epoch => 1 - epoch.Validation![Figure.DiceSoft].Mean));
Show(Chart(curves));
Show($"{epochs.Count} epochs were trained; the weights are those of epoch {best.Epoch}.");

// %% [markdown]
// ## Evaluate
//
// The figures of the patients that nothing was chosen by.

// %%
var scored = model.Transform(test.TestSet);
var metrics = seg.Evaluate(scored);
Show(metrics.ToString());

// %% [markdown]
// ## The worst cases
//
// A mean hides the images on which a model fails. Here are the three with the highest GED, the worst first: image, outlines, samples, probability, uncertainty.

// %%
var ged = metrics.PerImage.GetColumn<double>("Ged").ToArray();
string[] subjects = [.. scored.GetColumn<string>("Subject")];
var worst = subjects.Zip(ged).OrderByDescending(image => image.Second).Select(image => image.First).Distinct().Take(3);
foreach (var subject in worst)
{
    var images = seg.FilterSubjects(scored, new HashSet<string> { subject });
    Show(seg.DrawSheet(images, images: 1, samples: 6).ToHtml());
}

// %% [markdown]
// `SaveReport` writes all of it as one page: figures with intervals over patients, charts, and every image to step through.

// %%
var report = Path.Combine(folder, "report.html");
seg.SaveReport(report, [("labeled images alone", scored)]);
Show($"report.html: {new FileInfo(report).Length / 1000} kB");
model.Dispose();

// %% [markdown]
// Next: [methods compared on one data set](3-methods-compared.html).

// %% [app]
return End(args);
