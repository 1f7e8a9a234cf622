// The lesson as a page: dotnet run -c Release samples/lessons/3-methods-compared.cs
#:project ../../src/AmbiSSL.MLNet/AmbiSSL.MLNet.csproj
#:project Lessons/Lessons.csproj
#:package OxyPlot.Core
using static Lessons.Lesson;

// %% [markdown]
// # Methods compared
//
// Which method is better on your data? Train each on the same images, score each on the same held-out patients, and look at the difference with its interval
// before you believe it.

// %%
using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var lesions = new SyntheticLesions(new SyntheticLesionOptions
{
    Images = 100, Height = 32, Width = 32, Radius = 0.16, ImagesPerSubject = 2, Seed = 3,
});
var data = seg.Load(lesions);
var split = seg.TrainTestSplit(data, testFraction: 0.5);
var train = seg.KeepAnnotations(split.TrainSet, fraction: 0.3);

// %% [markdown]
// Three methods of the same size, trained for as many steps: the labeled half of AmbiSSL, which never looks at an unlabeled image; self-training, which learns
// from its own masks of unlabeled images too; and the probabilistic U-Net of 2018.

// %%
var backbone = new UNetBackbone { Filters = [8, 16, 32] };
int[] latent = [8, 16];
var training = new TrainingOptions { LearningRate = 2e-3 };
var methods = new Dictionary<string, SegmentationOptions>
{
    ["labeled half"] = new SupervisedOptions
    {
        Backbone = backbone, LatentFilters = latent, LatentConvolutionsPerBlock = 1, BoundSamples = 4,
        Epochs = 30, Training = training,
    },
    ["self-training"] = new SelfTrainingOptions
    {
        Backbone = backbone, LatentFilters = latent, LatentConvolutionsPerBlock = 1, BoundSamples = 4,
        Epochs = 30, Training = training,
    },
    ["probabilistic U-Net"] = new ProbabilisticUNetOptions
    {
        Backbone = backbone, LatentFilters = latent, LatentConvolutionsPerBlock = 1,
        Epochs = 30, Training = training,
    },
};
var scored = new Dictionary<string, IDataView>();
foreach (var (name, options) in methods)
{
    scored[name] = seg.Trainers.Create(options).Fit(train).Transform(split.TestSet);
}

// %% [markdown]
// What each draws for the same image:

// %%
foreach (var (name, view) in scored)
{
    Show($"<p>{name}</p>{seg.DrawSheet(view, images: 1, samples: 6).ToHtml()}");
}

// %% [markdown]
// Mean figures over the held-out images, with the 95 % interval of a bootstrap over subjects: images of one patient resemble each other, so they stay together.

// %%
var metrics = scored.ToDictionary(method => method.Key, method => seg.Evaluate(method.Value));
string[] subjects = [.. split.TestSet.GetColumn<string>("Subject")];

double[] Scores(string method, Figure figure) => [.. metrics[method].PerImage.GetColumn<double>(figure.Name)];

ScoreInterval Interval(IEnumerable<double> scores) => ScoreInterval.OverSubjects(
    [.. subjects.Zip(scores).GroupBy(image => image.First, image => image.Second).Select(subject => subject.ToList())]);

string Cell(ScoreInterval interval) => $"<td>{interval.Mean:F3} ({interval.Low:F3} to {interval.High:F3})</td>";

string Table(string head, IEnumerable<string> rows) =>
    $"<table><tr>{head}</tr><tr>{string.Join("</tr><tr>", rows)}</tr></table>";

Show(Table("<th>method</th><th>GED, 0 is best</th><th>Dice soft, 1 is best</th>", methods.Keys.Select(name =>
    $"<td>{name}</td>{Cell(Interval(Scores(name, Figure.Ged)))}{Cell(Interval(Scores(name, Figure.DiceSoft)))}")));

// %% [markdown]
// Two intervals that overlap do not yet mean that two methods are level: both were scored on the same images, and hard images are hard for both. The paired
// difference leaves that out. Its interval says whether a method is ahead: where it holds 0, the difference may be chance.

// %%
var first = methods.Keys.First();
var differences = methods.Keys.Skip(1).Select(name =>
{
    var paired = Scores(name, Figure.Ged).Zip(Scores(first, Figure.Ged), (own, other) => own - other);
    return (Name: name, Ged: Interval(paired));
}).ToList();
Show(Table(
    $"<th>method</th><th>GED minus that of the {first}</th>",
    differences.Select(method => $"<td>{method.Name}</td>{Cell(method.Ged)}")));

// %%
var names = differences.Select(method => method.Name).ToList();
var chart = new PlotModel { Title = $"GED minus that of the {first}", PlotMargins = new OxyThickness(140, 5, 20, 40) };
(chart.Background, chart.DefaultFont) = (OxyColors.White, "Arial");
chart.Axes.Add(new CategoryAxis { Position = AxisPosition.Left, ItemsSource = names });
chart.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "mean and 95 % interval; below 0 is better", ExtraGridlines = [0] });
var intervals = new IntervalBarSeries { FillColor = OxyColors.LightSteelBlue, LabelFormatString = null };
var means = new ScatterSeries { MarkerType = MarkerType.Diamond, MarkerSize = 5, MarkerFill = OxyColors.MidnightBlue };
foreach (var (position, method) in differences.Index())
{
    intervals.Items.Add(new IntervalBarItem(method.Ged.Low, method.Ged.High));
    means.Points.Add(new ScatterPoint(method.Ged.Mean, position));
}

chart.Series.Add(intervals);
chart.Series.Add(means);
var svg = System.Text.Encoding.UTF8.GetBytes(new SvgExporter { Width = 620, Height = 220 }.ExportToString(chart));
Show($"<img alt=\"{chart.Title}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(svg)}\">");

// %% [markdown]
// One training each, on one data set, with one seed: another seed of the same method moves GED too, often by more than methods differ. Before you choose, train
// each with three seeds or more, and on every fold. `ambissl crossval` does that, and the project's results say what came of it on lung scans.
//
// Next: [what N and calibration mean](4-samples-and-calibration.html).

// %% [app]
return End(args);
